package org.libspatio;

/** What must hold before memory is handed to the library. */
final class Check {
    private Check() {}

    static void length(int found, int wanted, String column) {
        if (found != wanted) {
            throw new IllegalArgumentException(
                    column + " has " + found + " rows, where the batch has " + wanted);
        }
    }

    /** The number as the library takes it: there is no negative number of rows. */
    static int rows(int rows, String argument) {
        if (rows < 0) {
            throw new IllegalArgumentException(argument + " is " + rows + ", which is below 0");
        }
        return rows;
    }
}
