package org.libspatio;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads the ranges of a file, which stays the caller's. Any number of threads may use one. */
public final class FileRanges implements RangeReader {
    private final FileChannel file;

    public FileRanges(FileChannel file) {
        if (file == null) {
            throw new NullPointerException("file is null");
        }
        this.file = file;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public byte[][] read(long[] offsets, int[] lengths) throws IOException {
        byte[][] parts = new byte[offsets.length][];
        for (int at = 0; at < parts.length; at++) {
            ByteBuffer part = ByteBuffer.allocate(lengths[at]);
            while (part.hasRemaining()) {
                if (file.read(part, offsets[at] + part.position()) < 0) {
                    throw new EOFException("the file ends before byte " + (offsets[at] + lengths[at]));
                }
            }
            parts[at] = part.array();
        }
        return parts;
    }
}
