package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The columns of Arrow, by Arrow's own library for Java. */
final class CaseArrow {
    private CaseArrow() {}

    static BatchOutcome upsert(Namespace ns, JsonObject args) {
        String[] ids = CaseArgs.texts(args, "ids");
        List<FieldVector> columns = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                ArrowSchema schema = ArrowSchema.allocateNew(allocator);
                ArrowArray array = ArrowArray.allocateNew(allocator)) {
            VarCharVector id = new VarCharVector("id", allocator);
            for (int row = 0; row < ids.length; row++) {
                id.setSafe(row, CaseArgs.bytes(ids[row]));
            }
            columns.add(id);
            for (String name : new String[] {"x", "y", "z"}) {
                addNumbers(columns, allocator, name, CaseArgs.numbers(args, name));
            }
            long[] times = CaseArgs.wholes(args, "time_us");
            if (times != null) {
                BigIntVector time = new BigIntVector("time", allocator);
                for (int row = 0; row < times.length; row++) {
                    time.setSafe(row, times[row]);
                }
                columns.add(time);
            }
            addPayloads(columns, allocator, CaseArgs.payloads(args));
            columns.forEach(column -> column.setValueCount(ids.length));
            try (VectorSchemaRoot root = new VectorSchemaRoot(columns)) {
                root.setRowCount(ids.length);
                Data.exportVectorSchemaRoot(allocator, root, null, array, schema);
                try {
                    return ns.upsertArrow(schema.memoryAddress(), array.memoryAddress());
                } finally {
                    array.release();
                    schema.release();
                }
            }
        }
    }

    private static void addNumbers(
            List<FieldVector> columns, BufferAllocator allocator, String name, double[] numbers) {
        if (numbers == null) {
            return;
        }
        Float8Vector column = new Float8Vector(name, allocator);
        for (int row = 0; row < numbers.length; row++) {
            column.setSafe(row, numbers[row]);
        }
        columns.add(column);
    }

    private static void addPayloads(
            List<FieldVector> columns, BufferAllocator allocator, byte[][] payloads) {
        if (payloads == null) {
            return;
        }
        VarBinaryVector column = new VarBinaryVector("payload", allocator);
        for (int row = 0; row < payloads.length; row++) {
            if (payloads[row] != null) {
                column.setSafe(row, payloads[row]);
            }
        }
        columns.add(column);
    }

    static JsonObject query(Namespace ns, Query query) {
        try (BufferAllocator allocator = new RootAllocator();
                ArrowSchema schema = ArrowSchema.allocateNew(allocator);
                ArrowArray array = ArrowArray.allocateNew(allocator)) {
            ns.queryArrow(query, schema.memoryAddress(), array.memoryAddress());
            try (VectorSchemaRoot root =
                    Data.importVectorSchemaRoot(allocator, array, schema, null)) {
                JsonArray rows = new JsonArray();
                for (int row = 0; row < root.getRowCount(); row++) {
                    rows.add(row(root, row));
                }
                JsonObject answer = new JsonObject();
                answer.add("rows", rows);
                return answer;
            }
        }
    }

    private static JsonObject row(VectorSchemaRoot root, int row) {
        JsonObject fields = new JsonObject();
        LargeVarCharVector id = (LargeVarCharVector) root.getVector("id");
        fields.addProperty("id", Utf8.text(id.get(row)));
        fields.add("at", CaseCompare.place(real(root, "x", row), real(root, "y", row), real(root, "z", row)));
        fields.addProperty("time_us", ((TimeStampMicroTZVector) root.getVector("time")).get(row));
        if (root.getVector("distance") != null) {
            fields.add("distance", CaseCompare.number(real(root, "distance", row)));
        }
        LargeVarBinaryVector payloads = (LargeVarBinaryVector) root.getVector("payload");
        String payload = payloads.isNull(row) ? null : CaseObjects.text(payloads.get(row));
        if (payload != null) {
            fields.addProperty("payload", payload);
        }
        return fields;
    }

    private static double real(VectorSchemaRoot root, String column, int row) {
        return ((Float8Vector) root.getVector(column)).get(row);
    }
}
