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

    /** How many points of so many axes a column holds. */
    static int points(double[] column, int dims, String name) {
        if (column.length % dims != 0) {
            throw new IllegalArgumentException(
                    name + " has " + column.length + " numbers, which are no points of " + dims + " axes");
        }
        return column.length / dims;
    }

    static void numbers(double[] column, int wanted, String name) {
        if (column.length != wanted) {
            throw new IllegalArgumentException(
                    name + " has " + column.length + " numbers, where there should be " + wanted);
        }
    }

    /** The first rows of a column, of which there must be enough. */
    static void first(int rows, int length, String column) {
        if (rows < 0 || rows > length) {
            throw new IllegalArgumentException(column + " has " + length + " rows, and not " + rows);
        }
    }

    /** What an array of Java can hold; beyond that a limit is needed. */
    static int array(long count, String what) {
        if (count > Integer.MAX_VALUE - 8) {
            throw new OutOfMemoryError(count + " " + what + " are more than an array can hold");
        }
        return (int) count;
    }
}
