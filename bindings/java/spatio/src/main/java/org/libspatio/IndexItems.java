package org.libspatio;

/**
 * What an {@link Index} is built from: boxes or points in columns, as many numbers for each as there
 * are axes, those of box 0, then those of box 1. The arrays are looked at during the call only.
 *
 * <pre>{@code
 * Index.build(IndexItems.boxes(2, min, max).payloads(names));
 * }</pre>
 */
public final class IndexItems {
    final int dims;
    final int rows;
    final double[] min;
    final double[] max;
    byte[][] payloads;
    double[] values;
    long[] masks;
    IndexMetadata metadata = new IndexMetadata(null, null, null);

    private IndexItems(int dims, double[] min, double[] max) {
        this.dims = dims;
        // The library says what is wrong with a number of axes that there is not.
        this.rows = dims <= 0 ? 0 : Check.points(min, dims, "min");
        if (max != null) {
            Check.numbers(max, min.length, "max");
        }
        this.min = min;
        this.max = max;
    }

    /**
     * Boxes.
     *
     * @param dims axes: 2, 3 or 4
     * @param min their least coordinates; infinities are fine, NaN is not
     * @param max their greatest
     */
    public static IndexItems boxes(int dims, double[] min, double[] max) {
        if (max == null) {
            throw new NullPointerException("max is null");
        }
        return new IndexItems(dims, min, max);
    }

    /** Points of so many axes. */
    public static IndexItems points(int dims, double[] coordinates) {
        return new IndexItems(dims, coordinates, null);
    }

    /** Bytes for each item; none by default. Null stands for no bytes. */
    public IndexItems payloads(byte[][] payloads) {
        Check.length(payloads.length, rows, "payloads");
        this.payloads = payloads;
        return this;
    }

    /**
     * A number of each item, to be summed up by {@link Index#aggregate}; none by default. A tree of the
     * format needs 64 bits for them.
     */
    public IndexItems values(double[] values) {
        Check.length(values.length, rows, "values");
        this.values = values;
        return this;
    }

    /** 64 bits of each item, to be united by {@link Index#aggregate}; none by default. As for values. */
    public IndexItems masks(long[] masks) {
        Check.length(masks.length, rows, "masks");
        this.masks = masks;
        return this;
    }

    /** What the index says about itself; nothing by default. */
    public IndexItems metadata(IndexMetadata metadata) {
        this.metadata = metadata;
        return this;
    }
}
