package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Runs after all other classes: nothing of the library is left. */
@org.junit.jupiter.api.Order(Integer.MAX_VALUE)
class LastTest {
    @Test
    void noNativeObjectIsLeft() {
        assertEquals(0, Spatio.liveHandles());
    }
}
