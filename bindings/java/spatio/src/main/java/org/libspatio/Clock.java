package org.libspatio;

/**
 * Tells the present moment, for a simulation's own clock. It is called by any thread and must not
 * call the database. If it throws, that is printed, and the last time that it told is used.
 */
public interface Clock {
    /** Microseconds since 1970-01-01 UTC. */
    long nowUs();
}
