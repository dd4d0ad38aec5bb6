package org.libspatio.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import android.content.Context;
import android.os.Build;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.libspatio.Database;
import org.libspatio.Namespace;
import org.libspatio.Options;
import org.libspatio.Order;
import org.libspatio.Query;
import org.libspatio.Row;
import org.libspatio.Rows;
import org.libspatio.Spatio;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;
import org.robolectric.annotation.SQLiteMode;

/** The classes of the AAR in an app of API 24, with the native library of this machine. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 24, manifest = Config.NONE)
@GraphicsMode(GraphicsMode.Mode.LEGACY)
@SQLiteMode(SQLiteMode.Mode.LEGACY)
public class OnAndroidTest {
    @After
    public void nothingIsLeft() {
        assertEquals(0, Spatio.liveHandles());
    }

    @Test
    public void anAppKeepsItsTrackInItsFilesFolder() {
        assertEquals(24, Build.VERSION.SDK_INT);
        Context context = RuntimeEnvironment.getApplication();
        File folder = new File(context.getFilesDir(), "tracks");
        List<String> messages = new ArrayList<>();
        Options options = new Options().log((level, message) -> messages.add(message));
        try (Database db = Database.open(folder, options)) {
            Namespace me = db.createNamespace("me");
            me.upsert("phone", 13.4050, 52.5200, 34);
            me.upsert("phone", 13.4061, 52.5203, 35);
            me.upsert("home", 13.4094, 52.5208);
        }
        try (Database db = Database.open(folder, options)) {
            Namespace me = db.namespace("me");
            long phone = me.intern("phone");
            Rows track = me.trajectory(phone, 0, Long.MAX_VALUE, Order.OLDEST_FIRST, 10);
            assertEquals(2, track.size());
            assertEquals(35, track.z(1), 0);
            List<String> near = new ArrayList<>();
            for (Row row : me.query(Query.circle(1000).around(phone).excludeOrigin())) {
                near.add(row.id());
            }
            assertEquals(1, near.size());
            assertEquals("home", near.get(0));
            assertNull(me.get("work"));
        }
        assertTrue(new File(folder, "00000001.log").isFile());
    }
}
