package org.libspatio;

/**
 * Takes messages of a database. It is called by any thread, also by the database's own, and must not
 * call the database. What it throws is printed and goes no further.
 */
public interface LogListener {
    /**
     * Takes one message.
     *
     * @param level how grave it is
     * @param message what happened
     */
    void onMessage(Level level, String message);
}
