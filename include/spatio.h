/*
 * libspatio: an embeddable database for moving objects.
 *
 * Words: a database holds namespaces; a namespace holds objects, which have an id (text) and a
 * handle (a number that stands for the id in the fast calls), a position, the event time of that
 * position, and perhaps a payload. x is the longitude and y the latitude in degrees (WGS84), z the
 * altitude in metres; in a Cartesian namespace all three are in one unit of your own. Times are
 * microseconds since 1970-01-01 UTC. Names end in the unit where it could be doubted. A packed
 * index stands alone: boxes that do not change, in memory or in a file, which are its items and
 * have their places as ids; where such a file lies elsewhere it is streamed. A pack is a namespace
 * that was frozen into such a file, and fences are polygons with ids in one.
 *
 * Calls: a function that can fail returns a spatio_status, SPATIO_OK or what went wrong, and fills
 * the spatio_error that is its last argument, unless that is NULL. What was refused changed
 * nothing.
 *
 * Memory: arguments are looked at during the call only. What a call gives out by a pointer to a
 * pointer is yours, until the function that is named there takes it back (spatio_close,
 * spatio_namespace_close, spatio_result_free ...); these take NULL too. Nothing that you allocate
 * is freed by the library, and nothing that it allocates may be freed by anything else.
 *
 * Structs begin with struct_size: the functions named ..._init set it; in structs that receive an
 * answer you set it yourself to sizeof. So programs and libraries of different versions get on.
 *
 * Columns: batches go in, and answers come out, as one array for each field. Texts and payloads
 * are one array of bytes with an array of offsets, one more than there are rows.
 *
 * Threads: every function may be called by any thread at the same time as any other, but what
 * closes, frees or refills something needs it for itself. Nothing is kept per thread.
 *
 * This file is made from the library's sources; do not edit it.
 */

#ifndef SPATIO_H
#define SPATIO_H

#include <stddef.h>
#include <stdint.h>

struct ArrowSchema;
struct ArrowArray;

/* Status codes -------------------------------------------------------------------------------- */

/** The call did what it should. An answer without rows is OK too. */
#define SPATIO_OK 0

/**
 * An argument has a wrong form: an empty id, an inverted box, a struct_size that is too small.
 */
#define SPATIO_INVALID_ARGUMENT 1

/** A pointer is NULL that must not be. */
#define SPATIO_NULL_POINTER 2

/** A number is outside of what it may be: NaN, a latitude beyond 90, a negative radius. */
#define SPATIO_OUT_OF_RANGE 3

/** The caller's buffer is too small; the length that is needed was written. */
#define SPATIO_BUFFER_TOO_SMALL 4

/** A namespace, an object or a file that was named does not exist. */
#define SPATIO_NOT_FOUND 5

/** It exists already, with other settings. */
#define SPATIO_ALREADY_EXISTS 6

/** The database was closed. */
#define SPATIO_CLOSED 7

/** Another process, or another handle of this one, has the database open for writing. */
#define SPATIO_LOCKED 8

/** Not offered for this kind of space, in this mode, or by this version of the library. */
#define SPATIO_UNSUPPORTED 9

/** It was cancelled by spatio_cancel_fire. */
#define SPATIO_CANCELLED 10

/** A size is beyond a documented limit: an id over 255 bytes, a payload over 64 KiB. */
#define SPATIO_LIMIT_EXCEEDED 12

/** The database was opened for reading only. */
#define SPATIO_READ_ONLY 13

/** Bytes that should be UTF-8 are not. */
#define SPATIO_INVALID_UTF8 15

/** The operating system refused to read or write. */
#define SPATIO_IO 32

/** Stored bytes are not what was written. */
#define SPATIO_CORRUPT 33

/** The files are of a newer version of the format. */
#define SPATIO_FORMAT_VERSION 34

/** The disk is full; what was acknowledged is intact, and writing goes on when there is room. */
#define SPATIO_NO_SPACE 35

/** An earlier fsync failed: writes are refused until the database is opened again. */
#define SPATIO_POISONED 36

/** Memory could not be had. */
#define SPATIO_OUT_OF_MEMORY 64

/** A bug in this library. */
#define SPATIO_INTERNAL 65

/**
 * A bug in this library stopped a call half way. The database, with all its namespaces, refuses
 * every further call with this code; only closing and freeing are possible.
 */
#define SPATIO_PANIC 66

/* Version of the interface -------------------------------------------------------------------- */

/**
 * The version of the interface that this header describes. A program compares it once, at its
 * start, with what spatio_abi_version() returns, and stops if they differ.
 */
#define SPATIO_ABI_VERSION 1

/* Choices: when writes become durable, what to do with damage --------------------------------- */

/**
 * Writes become durable every sync_period_us (the default). A crash of the machine loses at most
 * what came after; a crash of the program alone loses what it had not flushed.
 */
#define SPATIO_SYNC_EVERY 0

/** A write returns once it is on disk; concurrent writers share one fsync. */
#define SPATIO_SYNC_ALWAYS 1

/** Only spatio_sync, spatio_checkpoint and spatio_close make writes durable. */
#define SPATIO_SYNC_NEVER 2

/** Damage found on opening, other than a torn end, refuses to open (the default). */
#define SPATIO_RECOVERY_STRICT 0

/** Damage found on opening is left out and told by spatio_get_recovery. */
#define SPATIO_RECOVERY_SALVAGE 1

/** Level of a message: something failed in the background. */
#define SPATIO_LEVEL_ERROR 1

/** Level of a message: something was lost or mended. */
#define SPATIO_LEVEL_WARNING 2

/** Level of a message: what was done. */
#define SPATIO_LEVEL_INFO 3

/* Choices: what a namespace is ---------------------------------------------------------------- */

/** Longitudes and latitudes in degrees (WGS84), altitudes and distances in metres. */
#define SPATIO_GEOGRAPHIC 0

/** x, y and z in any one unit, distances in that unit. */
#define SPATIO_CARTESIAN 1

/** Accepted positions are kept as trajectories in a directory, and are not in memory. */
#define SPATIO_HISTORY_DEFAULT 0

/** Every accepted position is kept. */
#define SPATIO_HISTORY_ON 1

/** Only the last position of each object is kept. */
#define SPATIO_HISTORY_OFF 2

/* What an update did -------------------------------------------------------------------------- */

/** The object was not there before. */
#define SPATIO_OUTCOME_CREATED 1

/** The object was there, and is now where the update says. */
#define SPATIO_OUTCOME_MOVED 2

/** The update is older than what is known: it went to history and moved nothing. */
#define SPATIO_OUTCOME_LATE 3

/* Kinds of query ------------------------------------------------------------------------------ */

/**
 * What lies within `radius` of the origin along the ground, whatever its altitude; nearest
 * first.
 */
#define SPATIO_QUERY_CIRCLE 1

/** What lies within `radius` of the origin, altitude included; nearest first. */
#define SPATIO_QUERY_SPHERE 2

/** What lies within `radius` along the ground and from min_z to max_z; nearest first. */
#define SPATIO_QUERY_CYLINDER 3

/**
 * What lies in the box from min_x, min_y to max_x, max_y. min_x above max_x crosses the
 * antimeridian in a geographic namespace. No promised order.
 */
#define SPATIO_QUERY_BOX 4

/** The same from min_z to max_z. */
#define SPATIO_QUERY_BOX_3D 5

/** What lies in `polygon`. No promised order. */
#define SPATIO_QUERY_POLYGON 6

/** Everything. No promised order. */
#define SPATIO_QUERY_EVERYWHERE 7

/**
 * The `limit` nearest to the origin, altitude included, and no further than `radius`; nearest
 * first, of equal distances in the order of ids.
 */
#define SPATIO_QUERY_NEAREST 8

/**
 * What lies in the box of `width` and `height` (degrees, or units) around the origin; nearest
 * first.
 */
#define SPATIO_QUERY_BOX_AROUND 9

/** The same with a `depth` of altitudes (metres, or units). */
#define SPATIO_QUERY_BOX_3D_AROUND 10

/* Flags of a query ---------------------------------------------------------------------------- */

/**
 * Flag: the origin is the object whose handle is `origin`, wherever it is. It is part of the
 * answer, first, unless SPATIO_QUERY_EXCLUDE_ORIGIN is set too.
 */
#define SPATIO_QUERY_AROUND_OBJECT 1

/** Flag: leaves the origin's object out. */
#define SPATIO_QUERY_EXCLUDE_ORIGIN 2

/** Flag: the answer has the column of ids. One query of a call that sets it is enough. */
#define SPATIO_QUERY_WITH_IDS 4

/** Flag: the answer has the column of payloads. One query of a call that sets it is enough. */
#define SPATIO_QUERY_WITH_PAYLOADS 8

/** A limit that is none. */
#define SPATIO_NO_LIMIT 0xFFFFFFFFU

/* Choices: trajectories ----------------------------------------------------------------------- */

/** Positions in the order of their times; a limit keeps the oldest. */
#define SPATIO_OLDEST_FIRST 0

/** Positions against the order of their times; a limit keeps the newest. */
#define SPATIO_NEWEST_FIRST 1

/**
 * On the straight line between the two known positions, the short way over the antimeridian;
 * after the last known one, there.
 */
#define SPATIO_INTERPOLATE_LINEAR 0

/** At the last position known. */
#define SPATIO_INTERPOLATE_LAST 1

/* Choices: how distances are measured --------------------------------------------------------- */

/** Great circle on the mean sphere, in metres. */
#define SPATIO_METRIC_HAVERSINE 0

/** Shortest way on the WGS84 ellipsoid, in metres. */
#define SPATIO_METRIC_GEODESIC 1

/** Line of constant bearing on the mean sphere, in metres. */
#define SPATIO_METRIC_RHUMB 2

/** Straight line through the coordinates as numbers; the only one of a Cartesian namespace. */
#define SPATIO_METRIC_EUCLIDEAN 3

/* Choices: the trees of a packed index -------------------------------------------------------- */

/**
 * The library's own tree: the smallest and the fastest one, which other programs do not know (the
 * default).
 */
#define SPATIO_INDEX_FAST 0

/** The tree of the format PSINDEX, which other programs read. */
#define SPATIO_INDEX_ORIGIN 1

/** Both: other programs read the one, this library asks the other. */
#define SPATIO_INDEX_BOTH 2

/* No item of a packed index ------------------------------------------------------------------- */

/** No item: what is answered where a ray hits none, or where there is no closest pair. */
#define SPATIO_NO_ITEM 0xFFFFFFFFU

/* Handles ------------------------------------------------------------------------------------- */

/**
 * Stops the calls that it is given to. Any number of threads may use one at the same time;
 * freeing it is for one thread alone, when no call uses it.
 */
typedef struct spatio_cancel spatio_cancel;

/**
 * An open database. Any number of threads may use one handle at the same time; closing it is for
 * one thread alone, when no other call uses it.
 */
typedef struct spatio_db spatio_db;

/**
 * Fences: polygons with ids that do not change, in memory or in a file. Their handles are their
 * places in the order of their ids, counted from 0. Any number of threads may ask them at the same
 * time; freeing them is for one thread alone, when no call uses them.
 */
typedef struct spatio_fences spatio_fences;

/**
 * A question to an index whose bytes lie elsewhere, or the opening of one. It does no I/O: it says
 * which ranges of the file it wants, is fed with their bytes, and has an answer at last. It is for
 * one thread at a time, and may outlive its stream.
 */
typedef struct spatio_fetch spatio_fetch;

/**
 * The answer of an index, in columns. It is the caller's, who frees it by spatio_hits_free, or
 * hands it to a further call, of any index, which fills it anew and so allocates nothing once it
 * is large enough. Any number of threads may look at one; filling and freeing is for one thread
 * alone. It may outlive its index.
 */
typedef struct spatio_hits spatio_hits;

/**
 * A packed index: boxes, or points, of two, three or four axes that do not change. The ids of its
 * items are their places in what it was built from, counted from 0. Any number of threads may ask
 * one at the same time; freeing it is for one thread alone, when no call uses it.
 */
typedef struct spatio_index spatio_index;

/**
 * A namespace of an open database. Any number of threads may use one handle at the same time;
 * closing it is for one thread alone, when no other call uses it.
 */
typedef struct spatio_namespace spatio_namespace;

/**
 * A pack: the objects of a namespace as they were when it was frozen. Its handles are its own: the
 * places of its objects in the order of their ids, counted from 0. Any number of threads may ask
 * one at the same time; freeing it is for one thread alone, when no call uses it.
 */
typedef struct spatio_pack spatio_pack;

/**
 * A polygon, or several with holes, ready for queries. It does not change, so that any number of
 * threads may use one; freeing it is for one thread alone, when no call uses it.
 */
typedef struct spatio_polygon spatio_polygon;

/**
 * A region that indexes are searched for. It does not change, so that any number of threads may
 * use one; freeing it is for one thread alone, when no call uses it. It keeps nothing of what it
 * was made from.
 */
typedef struct spatio_region spatio_region;

/**
 * The answer of a call, in columns. It is the caller's, who frees it by spatio_result_free, or
 * hands it to a further call, which fills it anew and so allocates nothing once it is large
 * enough. Any number of threads may look at one; filling and freeing is for one thread alone. It
 * may outlive its namespace and its database.
 */
typedef struct spatio_result spatio_result;

/**
 * What is known of a packed index whose bytes lie elsewhere: its directory and the upper levels of
 * its tree. Any number of threads may ask one at the same time; freeing it is for one thread
 * alone, when no call uses it. What was asked goes on without it.
 */
typedef struct spatio_stream spatio_stream;

/* Structs and callbacks ----------------------------------------------------------------------- */

/**
 * What a call came to: SPATIO_OK or one of the codes below. Treat a code that you do not know as
 * SPATIO_INTERNAL: later versions may add some.
 */
typedef int32_t spatio_status;

/**
 * Takes messages of a database: a level (SPATIO_LEVEL_...) and a text of `length` bytes of UTF-8
 * that also ends with a NUL and lasts until the callback returns. It is called by any thread, also
 * by the database's own, and must neither call the database nor throw.
 */
typedef void (*spatio_log_callback)(void *user, int32_t level, const char *message, size_t length);

/**
 * Tells the present moment in microseconds since 1970-01-01 UTC, for a game's or a simulation's
 * own clock. It is called by any thread and must neither call the database nor throw.
 */
typedef int64_t (*spatio_clock_callback)(void *user);

/** How a database is opened. spatio_options_init gives it the defaults. */
typedef struct spatio_options {
    /** sizeof(spatio_options), set by spatio_options_init. */
    uint32_t struct_size;
    /** When writes become durable: SPATIO_SYNC_... */
    uint32_t sync_policy;
    /** The period of SPATIO_SYNC_EVERY in microseconds; 1,000,000 by default. */
    int64_t sync_period_us;
    /** Records gathered before they are handed to the operating system; 512 by default. */
    uint64_t buffer_records;
    /** Bytes at which a segment of the log is closed and the next begun; 64 MiB by default. */
    uint64_t segment_bytes;
    /** What to do with damage: SPATIO_RECOVERY_... */
    uint32_t recovery;
    /** 1: opens for reading only; takes no lock, writes nothing, refuses changes. */
    uint8_t read_only;
    /**
     * 1: starts no thread. SPATIO_SYNC_EVERY is then kept by the writing calls themselves, and
     * what expired is swept by spatio_sweep alone.
     */
    uint8_t no_background;
    /** 0. */
    uint8_t reserved[2];
    /** Takes messages; NULL for none. */
    spatio_log_callback log;
    /** Handed to `log`. */
    void *log_user;
    /** The clock; NULL for the system's. */
    spatio_clock_callback clock;
    /** Handed to `clock`. */
    void *clock_user;
} spatio_options;

/**
 * What went wrong. It is the caller's, on the stack as a rule, and written only when a call fails.
 *
 * ```c
 * spatio_error error = {0};
 * if (spatio_open("fleet.spatio", NULL, &db, &error) != SPATIO_OK)
 *     fprintf(stderr, "%s\n", error.message);
 * ```
 *
 * Every function that can fail takes one as its last argument; NULL says that the code is enough.
 */
typedef struct spatio_error {
    /** sizeof(spatio_error), or 0, which stands for the size of the first version. */
    uint32_t struct_size;
    /** The code that the function returned. */
    spatio_status code;
    /** The number of the operating system (errno) where there is one, else 0. */
    int32_t os_error;
    /** 0. */
    uint32_t reserved;
    /** The row of a batch that it is about, counted from 0; UINT64_MAX if it is about none. */
    uint64_t row;
    /** The byte of the file that the message names; UINT64_MAX if it is about none. */
    uint64_t offset;
    /**
     * What went wrong: operation, argument, value. UTF-8 with a NUL at its end, cut if too long.
     */
    char message[480];
} spatio_error;

/** Figures about a database. */
typedef struct spatio_stats {
    /** sizeof(spatio_stats), set by the caller. */
    uint32_t struct_size;
    /** 0. */
    uint32_t reserved;
    /** Namespaces. */
    uint64_t namespaces;
    /** Objects that are here now. */
    uint64_t objects;
    /** Ids that were ever given a handle. */
    uint64_t handles;
    /** Leaves of all indexes. */
    uint64_t leaves;
    /** Bytes of memory that the indexes hold. */
    uint64_t memory_bytes;
    /** Bytes of all files. */
    uint64_t disk_bytes;
    /** Segments of the log. */
    uint64_t segments;
    /** Records in the log. */
    uint64_t records;
    /** The number of the last record. */
    uint64_t last_seq;
    /** The number of the last record that is known to be on disk. */
    uint64_t durable_seq;
    /** Records not yet handed to the operating system. */
    uint64_t buffered_records;
} spatio_stats;

/** What opening a database found. */
typedef struct spatio_recovery {
    /** sizeof(spatio_recovery), set by the caller. */
    uint32_t struct_size;
    /** 1 if a checkpoint was used, so that only what came after it was read. */
    uint32_t has_checkpoint;
    /** Segments of the log. */
    uint64_t segments;
    /** Records that were read and kept. */
    uint64_t records_kept;
    /** Bytes that were dropped: a torn end, or what salvaging could not read. */
    uint64_t bytes_dropped;
    /** The number of the last record that the checkpoint holds. */
    uint64_t checkpoint_seq;
    /**
     * The first bad byte of the file that spatio_recovery_text names; UINT64_MAX if none is bad.
     */
    uint64_t first_bad_offset;
} spatio_recovery;

/**
 * Views of the columns of a result. Column entries with the same index belong to one row; a
 * column that the answer does not have is NULL. The memory is the result's: it stays until the
 * result is filled anew, exported or freed, and must not be written to.
 */
typedef struct spatio_columns {
    /** sizeof(spatio_columns), set by the caller. */
    uint32_t struct_size;
    /** 0. */
    uint32_t reserved;
    /** Rows of all queries together. */
    uint64_t rows;
    /** Queries (or objects, of spatio_trajectory) that were answered. */
    uint64_t queries;
    /**
     * queries + 1 numbers: the rows of query q are offsets[q] up to, not including,
     * offsets[q + 1].
     */
    const uint64_t *offsets;
    /** Handles of the objects. */
    const uint64_t *handles;
    /** Longitudes in degrees, or x. */
    const double *x;
    /** Latitudes in degrees, or y. */
    const double *y;
    /** Altitudes in metres, or z. */
    const double *z;
    /** Event times in microseconds since 1970-01-01 UTC. */
    const int64_t *time_us;
    /**
     * Distances from the query's origin in metres or units; NaN in the rows of a query without
     * an origin, NULL if no query has one.
     */
    const double *distance;
    /**
     * rows + 1 numbers: the id of row r is the bytes id_offsets[r] up to, not including,
     * id_offsets[r + 1] of ids. Present if SPATIO_QUERY_WITH_IDS was asked for.
     */
    const uint64_t *id_offsets;
    /** The ids behind each other, UTF-8, without NULs. */
    const char *ids;
    /** The same for payloads, if SPATIO_QUERY_WITH_PAYLOADS was asked for; no bytes: none. */
    const uint64_t *payload_offsets;
    /** The payloads behind each other. */
    const uint8_t *payloads;
} spatio_columns;

/** What looking through a database's files found. */
typedef struct spatio_check_report {
    /** sizeof(spatio_check_report), set by the caller. */
    uint32_t struct_size;
    /** 1 if an ordinary open would keep every byte that was known to be on disk. */
    uint32_t is_sound;
    /** Files that were looked through. */
    uint64_t files;
    /** Sound records in them. */
    uint64_t records;
    /** Their bytes. */
    uint64_t bytes;
    /** Files with damage other than a torn end. */
    uint64_t damaged_files;
    /** Files with a torn end, which an ordinary open drops. */
    uint64_t torn_tails;
} spatio_check_report;

/** What salvaging carried over. */
typedef struct spatio_salvage_report {
    /** sizeof(spatio_salvage_report), set by the caller. */
    uint32_t struct_size;
    /** 0. */
    uint32_t reserved;
    /** Segments that were written. */
    uint64_t segments;
    /** Segments that were damaged or missing. */
    uint64_t damaged;
    /** Records carried over. */
    uint64_t records_kept;
    /** Bytes that could not be read. */
    uint64_t bytes_dropped;
} spatio_salvage_report;

/**
 * How a namespace is made; also what it was made with. spatio_namespace_options_init gives it the
 * defaults.
 */
typedef struct spatio_namespace_options {
    /** sizeof(spatio_namespace_options), set by spatio_namespace_options_init. */
    uint32_t struct_size;
    /** What coordinates mean: SPATIO_GEOGRAPHIC (the default) or SPATIO_CARTESIAN. */
    uint32_t space;
    /** Whether trajectories are kept: SPATIO_HISTORY_... */
    uint32_t history;
    /** 0. */
    uint32_t reserved;
    /** How long an object lives after its last update, in microseconds; 0: for ever. */
    int64_t ttl_us;
} spatio_namespace_options;

/** The present state of an object. */
typedef struct spatio_object {
    /** sizeof(spatio_object), set by the caller. */
    uint32_t struct_size;
    /** Bytes of its payload, to be had by spatio_get_payload; 0 if it has none. */
    uint32_t payload_length;
    /** Its handle. */
    uint64_t handle;
    /** Longitude in degrees, or x. */
    double x;
    /** Latitude in degrees, or y. */
    double y;
    /** Altitude in metres, or z. */
    double z;
    /** The event time of that position in microseconds since 1970-01-01 UTC. */
    int64_t time_us;
    /** When it expires by the database's clock; INT64_MAX: never. */
    int64_t expires_us;
} spatio_object;

/**
 * A question about where things are now. spatio_query_init gives it the defaults.
 *
 * ```c
 * spatio_query query;
 * spatio_query_init(&query, sizeof query, SPATIO_QUERY_NEAREST);
 * query.x = 13.3694;
 * query.y = 52.5251;
 * query.limit = 10;
 * ```
 *
 * Fields that the kind does not name are not looked at.
 */
typedef struct spatio_query {
    /** sizeof(spatio_query), set by spatio_query_init; the same in all queries of one call. */
    uint32_t struct_size;
    /** What is searched: SPATIO_QUERY_CIRCLE ... */
    uint32_t kind;
    /** SPATIO_QUERY_AROUND_OBJECT and so on, added up. */
    uint32_t flags;
    /**
     * At most so many rows: the nearest where there is an order, else any. SPATIO_NO_LIMIT by
     * default; 0 finds nothing.
     */
    uint32_t limit;
    /** The handle of the object that is the origin, with SPATIO_QUERY_AROUND_OBJECT. */
    uint64_t origin;
    /** The origin without that flag: longitude in degrees, or x. */
    double x;
    /** Latitude in degrees, or y. */
    double y;
    /** Altitude in metres, or z. */
    double z;
    /** Metres, or units. Infinity by default for SPATIO_QUERY_NEAREST, else 0. */
    double radius;
    /** The box: west, or least x. */
    double min_x;
    /** South, or least y. */
    double min_y;
    /** Lowest, also of a cylinder. */
    double min_z;
    /** East, or greatest x. */
    double max_x;
    /** North, or greatest y. */
    double max_y;
    /** Highest, also of a cylinder. */
    double max_z;
    /** Of a box around an origin: degrees, or units. */
    double width;
    /** Of a box around an origin: degrees, or units. */
    double height;
    /** Of a 3D box around an origin: metres, or units. */
    double depth;
    /** Filter: only from this altitude on; -infinity by default. */
    double min_altitude;
    /** Filter: only up to this altitude; infinity by default. */
    double max_altitude;
    /**
     * Filter: only objects whose last update has this event time or a later one; INT64_MIN by
     * default.
     */
    int64_t since_us;
    /**
     * Filter: only objects whose last update is at most so long ago by the database's clock;
     * below 0 (the default): any.
     */
    int64_t max_age_us;
    /** Filter: only objects whose id begins so, UTF-8; NULL by default. */
    const char *id_prefix;
    /** Its bytes. */
    uint64_t id_prefix_length;
    /** The polygon of SPATIO_QUERY_POLYGON. */
    const struct spatio_polygon *polygon;
} spatio_query;

/** The smallest box around all objects of a namespace, in plain numbers: it does not wrap. */
typedef struct spatio_bounds {
    /** sizeof(spatio_bounds), set by the caller. */
    uint32_t struct_size;
    /** 1 if there are no objects; the numbers are 0 then. */
    uint32_t is_empty;
    /** West, or least x. */
    double min_x;
    /** South, or least y. */
    double min_y;
    /** Lowest. */
    double min_z;
    /** East, or greatest x. */
    double max_x;
    /** North, or greatest y. */
    double max_y;
    /** Highest. */
    double max_z;
} spatio_bounds;

/** How an index is built. spatio_index_options_init gives it the defaults. */
typedef struct spatio_index_options {
    /** sizeof(spatio_index_options), set by spatio_index_options_init. */
    uint32_t struct_size;
    /** Which trees it has: SPATIO_INDEX_... */
    uint32_t layout;
    /**
     * Bits of a coordinate in the tree of the format: 64 (the default), or 32, which takes half
     * the room and makes boxes a little larger, so that items near a border may be found too.
     * SPATIO_INDEX_FAST keeps 64.
     */
    uint32_t coordinate_bits;
    /** Most children of a node of the tree of the format: 2 to 65535; 16 by default. */
    uint32_t node_size;
    /**
     * 1: in the tree of the format each box is followed by its number, for readers that fetch
     * parts of a file.
     */
    uint32_t interleaved;
    /** Threads that build SPATIO_INDEX_FAST: 1 by default; the bytes do not depend on it. */
    uint32_t threads;
    /**
     * How many bytes of each payload stand once more, close together, for readers that fetch parts
     * of a file; 0: none (the default). It needs payloads.
     */
    uint32_t prefix_bytes;
} spatio_index_options;

/**
 * What an index says about itself in words. Texts are UTF-8 of so many bytes, without a NUL at
 * their end; NULL: it says nothing.
 */
typedef struct spatio_index_metadata {
    /** sizeof(spatio_index_metadata), set by the caller. */
    uint32_t struct_size;
    /** 0. */
    uint32_t reserved;
    /** The coordinate reference system, such as "EPSG:4326". */
    const char *crs;
    /** Its bytes. */
    size_t crs_length;
    /** What the payloads are, as a media type, such as "application/json". */
    const char *content_type;
    /** Its bytes. */
    size_t content_type_length;
    /** Whose data it is. */
    const char *attribution;
    /** Its bytes. */
    size_t attribution_length;
} spatio_index_metadata;

/** What an index is. */
typedef struct spatio_index_info {
    /** sizeof(spatio_index_info), set by the caller. */
    uint32_t struct_size;
    /** Axes of its boxes: 2, 3 or 4. */
    uint32_t dims;
    /** How many items it has; their ids are 0 up to, not including, this. */
    uint64_t items;
    /** Bytes that it takes, in memory or as a file. */
    uint64_t bytes;
    /** Which trees it has: SPATIO_INDEX_... */
    uint32_t layout;
    /** Bits of a coordinate in the tree of the format: 64 or 32; 0 if it has none. */
    uint32_t coordinate_bits;
    /** 1 if its items have payloads. */
    uint32_t has_payloads;
    /** 1 if its items have values, to be summed up by spatio_index_aggregate. */
    uint32_t has_values;
    /** 1 if its items have masks, to be united by spatio_index_aggregate. */
    uint32_t has_masks;
    /** How many bytes of each payload stand once more; 0: none. */
    uint32_t prefix_bytes;
    /**
     * The least coordinate of any item on each axis: HUGE_VAL if there is none, 0 beyond dims.
     */
    double min[4];
    /** The greatest: -HUGE_VAL if there is none, 0 beyond dims. */
    double max[4];
} spatio_index_info;

/**
 * Views of the columns of an answer. Column entries with the same index belong to one row; a
 * column that the answer does not have, or that has no entry, is NULL. The memory is that of the
 * hits: it stays until they are filled anew or freed, and must not be written to.
 */
typedef struct spatio_hit_columns {
    /** sizeof(spatio_hit_columns), set by the caller. */
    uint32_t struct_size;
    /** 0. */
    uint32_t reserved;
    /** Rows of all queries together. */
    uint64_t rows;
    /** Queries that were answered. */
    uint64_t queries;
    /**
     * queries + 1 numbers: the rows of query q are offsets[q] up to, not including,
     * offsets[q + 1].
     */
    const uint64_t *offsets;
    /** The items. */
    const uint32_t *ids;
    /**
     * The other item of each pair: of spatio_index_pairs the greater one, of spatio_index_join
     * that of the other index.
     */
    const uint32_t *others;
    /** How far the items are, in what the query measures. */
    const double *distance;
    /**
     * rows + 1 numbers: the payload of row r is the bytes payload_offsets[r] up to, not including,
     * payload_offsets[r + 1] of payloads. Of spatio_index_payloads and spatio_fetch_hits alone.
     */
    const uint64_t *payload_offsets;
    /** The payloads behind each other. */
    const uint8_t *payloads;
    /**
     * The places of the items in the tree, by which a streamed index is asked for their payloads.
     * Of spatio_fetch_hits alone.
     */
    const uint32_t *ranks;
} spatio_hit_columns;

/**
 * How an index is streamed, and what opening it and each question may cost.
 * spatio_stream_options_init gives it the defaults.
 */
typedef struct spatio_stream_options {
    /** sizeof(spatio_stream_options), set by spatio_stream_options_init. */
    uint32_t struct_size;
    /** 1: uses the tree of the format where a file has both trees. */
    uint32_t without_fast;
    /** Two parts with no more bytes between them are fetched as one range: 16 KiB by default. */
    uint64_t gap_bytes;
    /** A range of several parts is no longer than this: 4 MiB by default. */
    uint64_t read_bytes;
    /** A round asks for no more than this, unless a single part is larger: 64 MiB by default. */
    uint64_t round_bytes;
    /** How many bytes of the upper levels are kept from the time of opening: 1 MiB by default. */
    uint64_t kept_bytes;
    /**
     * At most so many ranges for one question; UINT64_MAX, the default: any number. Who exceeds
     * this or one of the next gets SPATIO_LIMIT_EXCEEDED, before it is fetched.
     */
    uint64_t max_reads;
    /** At most so many bytes; 1 GiB by default. */
    uint64_t max_bytes;
    /** At most so many items that are found; UINT64_MAX, the default: any number. */
    uint64_t max_items;
} spatio_stream_options;

/** What a streamed index is. */
typedef struct spatio_stream_info {
    /** sizeof(spatio_stream_info), set by the caller. */
    uint32_t struct_size;
    /** Axes of its boxes: 2, 3 or 4. */
    uint32_t dims;
    /**
     * How many items it has; their ids are 0 up to, not including, this, and so are their ranks.
     */
    uint64_t items;
    /** 1 if the library's own tree is asked, 0 if that of the format. */
    uint32_t asks_fast;
    /** 1 if its items have payloads. */
    uint32_t has_payloads;
    /** How many first bytes of each payload spatio_stream_prefixes gives; 0: none. */
    uint32_t prefix_bytes;
    /** 1 if spatio_stream_aggregate has something to add up. */
    uint32_t has_aggregates;
    /**
     * The least coordinate of any item on each axis: HUGE_VAL if there is none, 0 beyond dims.
     */
    double min[4];
    /** The greatest: -HUGE_VAL if there is none, 0 beyond dims. */
    double max[4];
} spatio_stream_info;

/** How a pack or fences are written. spatio_freeze_options_init gives it the defaults. */
typedef struct spatio_freeze_options {
    /** sizeof(spatio_freeze_options), set by spatio_freeze_options_init. */
    uint32_t struct_size;
    /**
     * Which trees the file has: SPATIO_INDEX_FAST (the default); with SPATIO_INDEX_ORIGIN or
     * SPATIO_INDEX_BOTH every reader of the format PSINDEX finds boxes in it.
     */
    uint32_t layout;
    /** Threads that build SPATIO_INDEX_FAST: 1 by default; the bytes do not depend on it. */
    uint32_t threads;
    /** 0. */
    uint32_t reserved;
} spatio_freeze_options;

/** What a pack is. */
typedef struct spatio_pack_info {
    /** sizeof(spatio_pack_info), set by the caller. */
    uint32_t struct_size;
    /** What coordinates mean: SPATIO_GEOGRAPHIC or SPATIO_CARTESIAN. */
    uint32_t space;
    /** How many objects it has; their handles are 0 up to, not including, this. */
    uint64_t objects;
    /** Bytes of the file. */
    uint64_t bytes;
    /**
     * When it was frozen by the database's clock, in microseconds since 1970-01-01 UTC; the
     * present of every question.
     */
    int64_t frozen_us;
    /** How many coordinates are stored: 2 if all altitudes are 0, else 3. */
    uint32_t dims;
    /** 0. */
    uint32_t reserved;
} spatio_pack_info;

/** What fences are. */
typedef struct spatio_fences_info {
    /** sizeof(spatio_fences_info), set by the caller. */
    uint32_t struct_size;
    /** What coordinates mean: SPATIO_GEOGRAPHIC or SPATIO_CARTESIAN. */
    uint32_t space;
    /** How many there are; their handles are 0 up to, not including, this. */
    uint64_t fences;
    /** Bytes that they take, in memory or as a file. */
    uint64_t bytes;
} spatio_fences_info;

/** One fence. The views of its id and its payload are valid until the fences are freed. */
typedef struct spatio_fence {
    /** sizeof(spatio_fence), set by the caller. */
    uint32_t struct_size;
    /** 0. */
    uint32_t reserved;
    /** Its handle. */
    uint64_t handle;
    /** Its id, UTF-8, without a NUL at its end. */
    const char *id;
    /** Its bytes. */
    size_t id_length;
    /** Its payload; NULL if it has none. */
    const uint8_t *payload;
    /** Its bytes. */
    size_t payload_length;
} spatio_fence;

#ifdef __cplusplus
extern "C" {
#endif

/* The library --------------------------------------------------------------------------------- */

/**
 * The version of the interface that the loaded library offers: equal to SPATIO_ABI_VERSION of the
 * header it was built with. Any thread. Since 0.1.
 */
uint32_t spatio_abi_version(void);

/**
 * The version of the library, such as "0.1.0". The text is the library's and lasts. Any thread.
 * Since 0.1.
 */
const char *spatio_version(void);

/**
 * The name of a status code without its prefix, such as "NOT_FOUND"; "UNKNOWN" for a code that
 * this version does not have. The text is the library's and lasts. Any thread. Since 0.1.
 *
 * @param status  a code
 */
const char *spatio_status_name(spatio_status status);

/**
 * How many handles, results, polygons and cancels of the whole process were given out and not
 * freed yet: 0 at the end of a program that leaks nothing. For tests. Any thread. Since 0.1.
 */
uint64_t spatio_live_handles(void);

/* A database ---------------------------------------------------------------------------------- */

/**
 * Gives options their defaults.
 *
 * ```c
 * spatio_options options;
 * spatio_options_init(&options, sizeof options);
 * options.sync_policy = SPATIO_SYNC_ALWAYS;
 * ```
 *
 * @param options  to be filled
 * @param size     sizeof(spatio_options) as the caller's header has it
 *
 * Since 0.1.
 */
void spatio_options_init(struct spatio_options *options, size_t size);

/**
 * Opens a database, creating it if it is missing.
 *
 * ```c
 * spatio_db *db = NULL;
 * spatio_error error = {0};
 * if (spatio_open("fleet.spatio", NULL, &db, &error) != SPATIO_OK)
 *     return fail(error.message);
 * ```
 *
 * @param path     a directory, UTF-8 with a NUL at its end; NULL: a database in memory
 * @param options  how; NULL: the defaults
 * @param db       receives the handle, to be closed by spatio_close; NULL on failure
 * @param error    receives what went wrong; may be NULL
 *
 * SPATIO_LOCKED if another process writes to it, SPATIO_CORRUPT if it is damaged,
 * SPATIO_FORMAT_VERSION if a newer version wrote it, SPATIO_IO. Any thread. Since 0.1.
 */
spatio_status spatio_open(const char *path,
                          const struct spatio_options *options,
                          struct spatio_db **db,
                          struct spatio_error *error);

/**
 * Writes everything down, closes the database and frees the handle, whatever it returns. The
 * database's namespaces that are still open answer SPATIO_CLOSED from then on; they are to be
 * closed too, before or after.
 *
 * @param db     the handle, which is gone afterwards; NULL is fine
 * @param error  may be NULL
 *
 * A failure says that the last writes did not reach the disk. One thread, when no other call uses
 * the handle. Since 0.1.
 */
spatio_status spatio_close(struct spatio_db *db, struct spatio_error *error);

/**
 * Hands what is buffered to the operating system, without waiting for the disk: it then survives
 * a crash of this program, but not of the machine. Any thread. Since 0.1.
 *
 * @param db     an open database
 * @param error  may be NULL
 */
spatio_status spatio_flush(const struct spatio_db *db, struct spatio_error *error);

/**
 * Returns once everything accepted so far is on disk. Any thread. Since 0.1.
 *
 * @param db     an open database
 * @param error  may be NULL
 */
spatio_status spatio_sync(const struct spatio_db *db, struct spatio_error *error);

/**
 * Writes a checkpoint, from which the next opening starts; returns once it is on disk. Writers go
 * on meanwhile. Any thread. Since 0.1.
 *
 * @param db     an open database
 * @param error  may be NULL
 */
spatio_status spatio_checkpoint(const struct spatio_db *db, struct spatio_error *error);

/**
 * Removes the objects that have expired. They are absent from every answer anyway; this frees
 * their memory. A background thread does the same unless options.no_background is set.
 *
 * @param db       an open database
 * @param removed  receives how many; may be NULL
 * @param error    may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_sweep(const struct spatio_db *db,
                           uint64_t *removed,
                           struct spatio_error *error);

/**
 * Figures about the whole database. Costs a walk over all objects.
 *
 * @param db     an open database
 * @param stats  receives them; its struct_size must be set
 * @param error  may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_get_stats(const struct spatio_db *db,
                               struct spatio_stats *stats,
                               struct spatio_error *error);

/**
 * What opening this database found, in numbers.
 *
 * @param db        an open database
 * @param recovery  receives them; its struct_size must be set
 * @param error     may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_get_recovery(const struct spatio_db *db,
                                  struct spatio_recovery *recovery,
                                  struct spatio_error *error);

/**
 * What opening this database found, in words.
 *
 * @param db        an open database
 * @param text      receives the words with a NUL at their end; NULL to ask for the length only
 * @param capacity  bytes that `text` has room for
 * @param length    receives the length without the NUL, in any case; may be NULL
 * @param error     may be NULL
 *
 * SPATIO_BUFFER_TOO_SMALL if there is not enough room. Any thread. Since 0.1.
 */
spatio_status spatio_recovery_text(const struct spatio_db *db,
                                   char *text,
                                   size_t capacity,
                                   size_t *length,
                                   struct spatio_error *error);

/**
 * The names of all namespaces, in the order in which they were made.
 *
 * @param db       an open database
 * @param result   NULL in *result, or a result of an earlier call, which is filled anew; the names
 *                 are its column of ids
 * @param columns  receives views of *result; may be NULL
 * @param error    may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_namespaces(const struct spatio_db *db,
                                struct spatio_result **result,
                                struct spatio_columns *columns,
                                struct spatio_error *error);

/* Files of a database that is not open -------------------------------------------------------- */

/**
 * Reads every record of a database that is not open for writing, and says what is sound. Writes
 * nothing. Damage is an answer and not a failure.
 *
 * @param path      the directory, UTF-8 with a NUL at its end
 * @param report    receives the numbers; its struct_size must be set
 * @param text      receives the words with a NUL at their end; NULL if they are not wanted
 * @param capacity  bytes that `text` has room for
 * @param length    receives the length of the words without the NUL; may be NULL
 * @param error     may be NULL
 *
 * SPATIO_BUFFER_TOO_SMALL if the words do not fit; the report is filled then too. Any thread.
 * Since 0.1.
 */
spatio_status spatio_check(const char *path,
                           struct spatio_check_report *report,
                           char *text,
                           size_t capacity,
                           size_t *length,
                           struct spatio_error *error);

/**
 * Writes what can be read of a damaged database into a new directory. The damaged one is not
 * changed.
 *
 * @param source    its directory, UTF-8 with a NUL at its end
 * @param target    the new directory, which must not exist or be empty
 * @param report    receives the numbers; its struct_size must be set
 * @param text      receives the words with a NUL at their end; NULL if they are not wanted
 * @param capacity  bytes that `text` has room for
 * @param length    receives the length of the words without the NUL; may be NULL
 * @param error     may be NULL
 *
 * SPATIO_BUFFER_TOO_SMALL if the words do not fit; the work is done and the report filled then
 * too. Any thread. Since 0.1.
 */
spatio_status spatio_salvage(const char *source,
                             const char *target,
                             struct spatio_salvage_report *report,
                             char *text,
                             size_t capacity,
                             size_t *length,
                             struct spatio_error *error);

/* Namespaces ---------------------------------------------------------------------------------- */

/**
 * Gives options of a namespace their defaults.
 *
 * @param options  to be filled
 * @param size     sizeof(spatio_namespace_options) as the caller's header has it
 *
 * Since 0.1.
 */
void spatio_namespace_options_init(struct spatio_namespace_options *options, size_t size);

/**
 * Makes a namespace, or opens the one of that name if its settings are the same.
 *
 * @param db           an open database
 * @param name         UTF-8, 1 to 255 bytes
 * @param name_length  its bytes
 * @param options      NULL: geographic, with the default of history, without expiry
 * @param ns           receives the handle, to be closed by spatio_namespace_close; NULL on failure
 * @param error        may be NULL
 *
 * SPATIO_ALREADY_EXISTS if there is one with other settings. Any thread. Since 0.1.
 */
spatio_status spatio_namespace_create(const struct spatio_db *db,
                                      const char *name,
                                      size_t name_length,
                                      const struct spatio_namespace_options *options,
                                      struct spatio_namespace **ns,
                                      struct spatio_error *error);

/**
 * Opens a namespace that exists.
 *
 * @param db           an open database
 * @param name         UTF-8
 * @param name_length  its bytes
 * @param ns           receives the handle, to be closed by spatio_namespace_close; NULL on failure
 * @param error        may be NULL
 *
 * SPATIO_NOT_FOUND if there is none of that name. Any thread. Since 0.1.
 */
spatio_status spatio_namespace_open(const struct spatio_db *db,
                                    const char *name,
                                    size_t name_length,
                                    struct spatio_namespace **ns,
                                    struct spatio_error *error);

/**
 * What a namespace was made with; `history` is SPATIO_HISTORY_ON or SPATIO_HISTORY_OFF.
 *
 * @param ns        a namespace
 * @param settings  receives it; its struct_size must be set
 * @param error     may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_namespace_settings(const struct spatio_namespace *ns,
                                        struct spatio_namespace_options *settings,
                                        struct spatio_error *error);

/**
 * How many objects are here, those that expired left out.
 *
 * @param ns       a namespace
 * @param objects  receives the number
 * @param error    may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_count(const struct spatio_namespace *ns,
                           uint64_t *objects,
                           struct spatio_error *error);

/**
 * Frees the handle of a namespace; the namespace itself stays. NULL is fine. One thread, when no
 * other call uses the handle. Since 0.1.
 *
 * @param ns  a namespace
 */
void spatio_namespace_close(struct spatio_namespace *ns);

/* Ids and handles ----------------------------------------------------------------------------- */

/**
 * The handle of an id: a number that stands for the object in the fast calls. It is given when an
 * id is first seen, or by this call, and lasts as long as the database exists, also when it is
 * closed and opened again.
 *
 * @param ns         a namespace
 * @param id         UTF-8, 1 to 255 bytes
 * @param id_length  its bytes
 * @param handle     receives the handle
 * @param error      may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_intern(const struct spatio_namespace *ns,
                            const char *id,
                            size_t id_length,
                            uint64_t *handle,
                            struct spatio_error *error);

/**
 * The handles of many ids.
 *
 * @param ns          a namespace
 * @param n           how many ids
 * @param id_offsets  n + 1 numbers: id i is the bytes id_offsets[i] up to, not including,
 *                    id_offsets[i + 1] of ids
 * @param ids         the ids behind each other, UTF-8
 * @param handles     receives n handles
 * @param error       may be NULL; its row is the first id that was refused, and those before it
 *                    have their handles
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_intern_batch(const struct spatio_namespace *ns,
                                  size_t n,
                                  const uint64_t *id_offsets,
                                  const char *ids,
                                  uint64_t *handles,
                                  struct spatio_error *error);

/**
 * The handle of an id that was seen before, without giving one.
 *
 * @param ns         a namespace
 * @param id         UTF-8
 * @param id_length  its bytes
 * @param handle     receives the handle
 * @param error      may be NULL
 *
 * SPATIO_NOT_FOUND if it was never seen. Any thread. Since 0.1.
 */
spatio_status spatio_find_handle(const struct spatio_namespace *ns,
                                 const char *id,
                                 size_t id_length,
                                 uint64_t *handle,
                                 struct spatio_error *error);

/**
 * The id of a handle.
 *
 * @param ns         a namespace
 * @param handle     a handle of it
 * @param id         receives a view of the id, without a NUL at its end, valid until ns is closed
 * @param id_length  receives its bytes
 * @param error      may be NULL
 *
 * SPATIO_NOT_FOUND if the handle was not given out by this namespace. Any thread. Since 0.1.
 */
spatio_status spatio_id(const struct spatio_namespace *ns,
                        uint64_t handle,
                        const char **id,
                        size_t *id_length,
                        struct spatio_error *error);

/**
 * The ids of many handles.
 *
 * @param ns       a namespace
 * @param n        how many handles
 * @param handles  n handles
 * @param result   NULL in *result, or a result of an earlier call, which is filled anew
 * @param columns  receives views of *result: handles, id_offsets and ids; may be NULL
 * @param error    may be NULL
 *
 * SPATIO_NOT_FOUND with the row of a handle that was not given out. Any thread. Since 0.1.
 */
spatio_status spatio_ids(const struct spatio_namespace *ns,
                         size_t n,
                         const uint64_t *handles,
                         struct spatio_result **result,
                         struct spatio_columns *columns,
                         struct spatio_error *error);

/* Writing ------------------------------------------------------------------------------------- */

/**
 * Says where an object is. An object that is new is made.
 *
 * ```c
 * spatio_upsert(ns, "bus:100", 7, 13.3694, 52.5251, 0, INT64_MIN, NULL, 0, 0, NULL, NULL,
 *               &error);
 * ```
 *
 * @param ns              a namespace
 * @param id              UTF-8, 1 to 255 bytes
 * @param id_length       its bytes
 * @param x               longitude in degrees, or x
 * @param y               latitude in degrees, or y
 * @param z               altitude in metres, or z
 * @param time_us         event time in microseconds since 1970-01-01 UTC; INT64_MIN: now
 * @param payload         up to 65,536 bytes that belong to the object; NULL: what it has stays
 * @param payload_length  its bytes; 0 with a payload that is not NULL removes what it has
 * @param ttl_us          how long from now the object lives without another update, in
 *                        microseconds; 0: as the namespace says
 * @param handle          receives the object's handle; may be NULL
 * @param outcome         receives SPATIO_OUTCOME_...; may be NULL
 * @param error           may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_upsert(const struct spatio_namespace *ns,
                            const char *id,
                            size_t id_length,
                            double x,
                            double y,
                            double z,
                            int64_t time_us,
                            const uint8_t *payload,
                            size_t payload_length,
                            int64_t ttl_us,
                            uint64_t *handle,
                            uint32_t *outcome,
                            struct spatio_error *error);

/**
 * The same for an object whose handle is known, without payload: the quickest single call.
 *
 * @param ns       a namespace
 * @param handle   an object's handle
 * @param x        longitude in degrees, or x
 * @param y        latitude in degrees, or y
 * @param z        altitude in metres, or z
 * @param time_us  event time in microseconds since 1970-01-01 UTC; INT64_MIN: now
 * @param outcome  receives SPATIO_OUTCOME_...; may be NULL
 * @param error    may be NULL
 *
 * SPATIO_NOT_FOUND if the handle was not given out by this namespace. Any thread. Since 0.1.
 */
spatio_status spatio_move(const struct spatio_namespace *ns,
                          uint64_t handle,
                          double x,
                          double y,
                          double z,
                          int64_t time_us,
                          uint32_t *outcome,
                          struct spatio_error *error);

/**
 * Moves many objects in one call: the way for a game's frame or a feed's packet. The rows are
 * checked before the first is written, and take effect in their order. Payloads stay.
 *
 * @param ns       a namespace
 * @param n        how many rows
 * @param handles  n handles
 * @param x        n longitudes in degrees, or x
 * @param y        n latitudes in degrees, or y
 * @param z        n altitudes in metres, or z; NULL: all 0
 * @param time_us  n event times, taken as they are; NULL: all now
 * @param applied  receives how many rows set the present state; may be NULL
 * @param late     receives how many were older than what is known; may be NULL
 * @param error    may be NULL; its row is the one that was refused
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_move_batch(const struct spatio_namespace *ns,
                                size_t n,
                                const uint64_t *handles,
                                const double *x,
                                const double *y,
                                const double *z,
                                const int64_t *time_us,
                                uint64_t *applied,
                                uint64_t *late,
                                struct spatio_error *error);

/**
 * Says where many objects are, by id; those that are new are made. The rows are checked before
 * the first is written, and take effect in their order.
 *
 * @param ns               a namespace
 * @param n                how many rows
 * @param id_offsets       n + 1 numbers: id i is the bytes id_offsets[i] up to, not including,
 *                         id_offsets[i + 1] of ids
 * @param ids              the ids behind each other, UTF-8
 * @param x                n longitudes in degrees, or x
 * @param y                n latitudes in degrees, or y
 * @param z                n altitudes in metres, or z; NULL: all 0
 * @param time_us          n event times, taken as they are; NULL: all now
 * @param payload_offsets  n + 1 numbers that say which bytes of payloads belong to which row; a
 *                         row without bytes keeps what its object has; NULL: all keep
 * @param payloads         the payloads behind each other
 * @param ttl_us           n times to live in microseconds, 0 for the namespace's; NULL: all 0
 * @param handles          receives n handles; may be NULL
 * @param applied          receives how many rows set the present state; may be NULL
 * @param late             receives how many were older than what is known; may be NULL
 * @param error            may be NULL; its row is the one that was refused
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_upsert_batch(const struct spatio_namespace *ns,
                                  size_t n,
                                  const uint64_t *id_offsets,
                                  const char *ids,
                                  const double *x,
                                  const double *y,
                                  const double *z,
                                  const int64_t *time_us,
                                  const uint64_t *payload_offsets,
                                  const uint8_t *payloads,
                                  const int64_t *ttl_us,
                                  uint64_t *handles,
                                  uint64_t *applied,
                                  uint64_t *late,
                                  struct spatio_error *error);

/**
 * Adds past positions to an object's track, in any order. The newest becomes its present state,
 * unless that is newer still.
 *
 * @param ns         a namespace with history
 * @param id         UTF-8, 1 to 255 bytes
 * @param id_length  its bytes
 * @param n          how many positions
 * @param time_us    n event times in microseconds since 1970-01-01 UTC
 * @param x          n longitudes in degrees, or x
 * @param y          n latitudes in degrees, or y
 * @param z          n altitudes in metres, or z; NULL: all 0
 * @param inserted   receives how many there were; may be NULL
 * @param error      may be NULL; its row is the one that was refused
 *
 * SPATIO_UNSUPPORTED if the namespace keeps no history. Any thread. Since 0.1.
 */
spatio_status spatio_insert_trajectory(const struct spatio_namespace *ns,
                                       const char *id,
                                       size_t id_length,
                                       size_t n,
                                       const int64_t *time_us,
                                       const double *x,
                                       const double *y,
                                       const double *z,
                                       uint64_t *inserted,
                                       struct spatio_error *error);

/**
 * Removes an object. Its track stays; an update that is not newer than its last one does not
 * bring it back.
 *
 * @param ns         a namespace
 * @param id         UTF-8
 * @param id_length  its bytes
 * @param deleted    receives 1 if it was here, 0 if not; may be NULL
 * @param error      may be NULL
 *
 * An object that is not here is no failure. Any thread. Since 0.1.
 */
spatio_status spatio_delete(const struct spatio_namespace *ns,
                            const char *id,
                            size_t id_length,
                            uint8_t *deleted,
                            struct spatio_error *error);

/**
 * Removes many objects.
 *
 * @param ns       a namespace
 * @param n        how many
 * @param handles  n handles
 * @param deleted  receives how many of them were here; may be NULL
 * @param error    may be NULL; its row is a handle that was not given out, and those before it are
 *                 gone
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_delete_batch(const struct spatio_namespace *ns,
                                  size_t n,
                                  const uint64_t *handles,
                                  uint64_t *deleted,
                                  struct spatio_error *error);

/* Reading objects ----------------------------------------------------------------------------- */

/**
 * The present state of an object.
 *
 * @param ns         a namespace
 * @param id         UTF-8
 * @param id_length  its bytes
 * @param object     receives it; its struct_size must be set
 * @param error      may be NULL
 *
 * SPATIO_NOT_FOUND if it is not here, was deleted or has expired. Any thread. Since 0.1.
 */
spatio_status spatio_get(const struct spatio_namespace *ns,
                         const char *id,
                         size_t id_length,
                         struct spatio_object *object,
                         struct spatio_error *error);

/**
 * The same by handle.
 *
 * @param ns      a namespace
 * @param handle  an object's handle
 * @param object  receives it; its struct_size must be set
 * @param error   may be NULL
 *
 * SPATIO_NOT_FOUND also if the handle was not given out. Any thread. Since 0.1.
 */
spatio_status spatio_get_by_handle(const struct spatio_namespace *ns,
                                   uint64_t handle,
                                   struct spatio_object *object,
                                   struct spatio_error *error);

/**
 * The payload of an object.
 *
 * @param ns        a namespace
 * @param handle    an object's handle
 * @param payload   receives the bytes; NULL to ask for the length only
 * @param capacity  bytes that `payload` has room for
 * @param length    receives how many bytes it has, in any case
 * @param error     may be NULL
 *
 * SPATIO_BUFFER_TOO_SMALL if there is not enough room, SPATIO_NOT_FOUND if the object is not here;
 * an object without a payload has 0 bytes. Any thread. Since 0.1.
 */
spatio_status spatio_get_payload(const struct spatio_namespace *ns,
                                 uint64_t handle,
                                 uint8_t *payload,
                                 size_t capacity,
                                 size_t *length,
                                 struct spatio_error *error);

/**
 * The present state of many objects.
 *
 * @param ns       a namespace
 * @param n        how many
 * @param handles  n handles
 * @param x        receives n longitudes in degrees, or x; may be NULL, like the next four
 * @param y        receives n latitudes in degrees, or y
 * @param z        receives n altitudes in metres, or z
 * @param time_us  receives n event times
 * @param found    receives n times 1 if the object is here, 0 if not; its other columns are 0 then
 * @param error    may be NULL; its row is a handle that was not given out
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_get_batch(const struct spatio_namespace *ns,
                               size_t n,
                               const uint64_t *handles,
                               double *x,
                               double *y,
                               double *z,
                               int64_t *time_us,
                               uint8_t *found,
                               struct spatio_error *error);

/* Polygons ------------------------------------------------------------------------------------ */

/**
 * Makes a polygon as GeoJSON has them: rings of x, y (longitude, latitude), closed or open, in
 * either direction. Borders belong to it, also those of holes.
 *
 * A triangle, and a square with a hole:
 *
 * ```c
 * const double triangle[] = {0, 0, 4, 0, 2, 3};
 * const uint64_t one_ring[] = {0, 3};
 * spatio_polygon_new(1, one_ring, triangle, 0, NULL, &polygon, &error);
 *
 * const double square[] = {0, 0, 4, 0, 4, 4, 0, 4, 1, 1, 2, 1, 2, 2, 1, 2};
 * const uint64_t two_rings[] = {0, 4, 8};
 * spatio_polygon_new(2, two_rings, square, 0, NULL, &polygon, &error);
 * ```
 *
 * @param rings            how many rings there are
 * @param ring_offsets     rings + 1 numbers: ring r has the points ring_offsets[r] up to, not
 *                         including, ring_offsets[r + 1]
 * @param xy               two numbers for each point: x0, y0, x1, y1 ...
 * @param polygons         how many polygons there are, of which each has a border and may have
 *                         holes; 0 for one polygon of all rings
 * @param polygon_offsets  polygons + 1 numbers: polygon p has the rings polygon_offsets[p] up to,
 *                         not including, polygon_offsets[p + 1], its border first; NULL if
 *                         polygons is 0
 * @param polygon          receives it, to be freed by spatio_polygon_free; NULL on failure
 * @param error            may be NULL
 *
 * SPATIO_INVALID_ARGUMENT if a ring has less than three points or crosses itself or another, or a
 * hole lies outside; SPATIO_OUT_OF_RANGE if a coordinate is not finite. Any thread. Since 0.1.
 */
spatio_status spatio_polygon_new(size_t rings,
                                 const uint64_t *ring_offsets,
                                 const double *xy,
                                 size_t polygons,
                                 const uint64_t *polygon_offsets,
                                 struct spatio_polygon **polygon,
                                 struct spatio_error *error);

/**
 * Which points lie in a polygon, its border included.
 *
 * @param polygon  a polygon
 * @param n        how many points
 * @param x        n numbers
 * @param y        n numbers
 * @param inside   receives n times 1 or 0
 * @param error    may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_polygon_contains(const struct spatio_polygon *polygon,
                                      size_t n,
                                      const double *x,
                                      const double *y,
                                      uint8_t *inside,
                                      struct spatio_error *error);

/**
 * Frees a polygon. NULL is fine. Since 0.1.
 *
 * @param polygon  a polygon
 */
void spatio_polygon_free(struct spatio_polygon *polygon);

/* Results ------------------------------------------------------------------------------------- */

/**
 * Views of the columns of a result that an earlier call filled.
 *
 * @param result   a result
 * @param columns  receives the views; its struct_size must be set
 *
 * SPATIO_NULL_POINTER or SPATIO_INVALID_ARGUMENT. Any thread. Since 0.1.
 */
spatio_status spatio_result_columns(const struct spatio_result *result,
                                    struct spatio_columns *columns);

/**
 * Frees a result with its columns. NULL is fine. Since 0.1.
 *
 * @param result  a result
 */
void spatio_result_free(struct spatio_result *result);

/* Where things are ---------------------------------------------------------------------------- */

/**
 * Gives a query its kind, and everything else its default.
 *
 * @param query  to be filled
 * @param size   sizeof(spatio_query) as the caller's header has it
 * @param kind   SPATIO_QUERY_CIRCLE ...
 *
 * Since 0.1.
 */
void spatio_query_init(struct spatio_query *query, size_t size, uint32_t kind);

/**
 * Asks any number of questions in one call: the one call of a game's frame.
 *
 * ```c
 * spatio_result *result = NULL;                        // once, before the first frame
 * spatio_columns found = {sizeof found};
 * ...
 * if (spatio_query_run(ns, queries, n, NULL, &result, &found, &error) == SPATIO_OK)
 *     for (q = 0; q < n; q++)
 *         for (row = found.offsets[q]; row < found.offsets[q + 1]; row++)
 *             meet(players[q], found.handles[row], found.distance[row]);
 * ...
 * spatio_result_free(result);                          // once, after the last frame
 * ```
 *
 * @param ns       a namespace
 * @param queries  n queries, each made by spatio_query_init
 * @param n        how many
 * @param cancel   stops the call when it is fired; may be NULL
 * @param result   NULL in *result, or a result of an earlier call, which is filled anew
 * @param columns  receives views of *result; may be NULL, else its struct_size must be set
 * @param error    may be NULL; its row is the query that was refused
 *
 * On failure *result stays the caller's, emptied. SPATIO_NOT_FOUND if the object that a query is
 * laid around is not here. Any thread. Since 0.1.
 */
spatio_status spatio_query_run(const struct spatio_namespace *ns,
                               const struct spatio_query *queries,
                               size_t n,
                               struct spatio_cancel *cancel,
                               struct spatio_result **result,
                               struct spatio_columns *columns,
                               struct spatio_error *error);

/**
 * Asks one question into the caller's own columns. It allocates nothing once it has run a few
 * times, and needs no result.
 *
 * @param ns        a namespace
 * @param query     a query
 * @param capacity  rows that the columns have room for: no more are found, as with a limit
 * @param handles   receives the handles of the objects; may be NULL, like the next five
 * @param x         receives longitudes in degrees, or x
 * @param y         receives latitudes in degrees, or y
 * @param z         receives altitudes in metres, or z
 * @param time_us   receives event times
 * @param distance  receives distances; NaN if the query has no origin
 * @param rows      receives how many rows there are
 * @param error     may be NULL
 *
 * SPATIO_NOT_FOUND if the object that the query is laid around is not here. Any thread. Since
 * 0.1.
 */
spatio_status spatio_query_into(const struct spatio_namespace *ns,
                                const struct spatio_query *query,
                                size_t capacity,
                                uint64_t *handles,
                                double *x,
                                double *y,
                                double *z,
                                int64_t *time_us,
                                double *distance,
                                size_t *rows,
                                struct spatio_error *error);

/**
 * What lies within a radius of a point, altitude included, nearest first.
 *
 * @param ns       a namespace
 * @param x        longitude in degrees, or x
 * @param y        latitude in degrees, or y
 * @param z        altitude in metres, or z
 * @param radius   metres, or units
 * @param limit    at most so many, the nearest; SPATIO_NO_LIMIT
 * @param result   NULL in *result, or a result of an earlier call, which is filled anew
 * @param columns  receives views of *result; may be NULL, else its struct_size must be set
 * @param error    may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_query_radius(const struct spatio_namespace *ns,
                                  double x,
                                  double y,
                                  double z,
                                  double radius,
                                  uint32_t limit,
                                  struct spatio_result **result,
                                  struct spatio_columns *columns,
                                  struct spatio_error *error);

/**
 * What lies in a box, in no promised order.
 *
 * @param ns       a namespace
 * @param min_x    west, or least x; above max_x it crosses the antimeridian
 * @param min_y    south, or least y
 * @param max_x    east, or greatest x
 * @param max_y    north, or greatest y
 * @param limit    at most so many, any of them; SPATIO_NO_LIMIT
 * @param result   NULL in *result, or a result of an earlier call, which is filled anew
 * @param columns  receives views of *result; may be NULL, else its struct_size must be set
 * @param error    may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_query_box(const struct spatio_namespace *ns,
                               double min_x,
                               double min_y,
                               double max_x,
                               double max_y,
                               uint32_t limit,
                               struct spatio_result **result,
                               struct spatio_columns *columns,
                               struct spatio_error *error);

/**
 * What lies in a polygon, its border included, in no promised order.
 *
 * @param ns       a namespace
 * @param polygon  a polygon
 * @param limit    at most so many, any of them; SPATIO_NO_LIMIT
 * @param result   NULL in *result, or a result of an earlier call, which is filled anew
 * @param columns  receives views of *result; may be NULL, else its struct_size must be set
 * @param error    may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_query_polygon(const struct spatio_namespace *ns,
                                   const struct spatio_polygon *polygon,
                                   uint32_t limit,
                                   struct spatio_result **result,
                                   struct spatio_columns *columns,
                                   struct spatio_error *error);

/**
 * What lies within a radius of an object, altitude included, nearest first: the object itself,
 * then the others.
 *
 * @param ns       a namespace
 * @param origin   the object's handle
 * @param radius   metres, or units
 * @param limit    at most so many, the nearest, the object itself counted; SPATIO_NO_LIMIT
 * @param result   NULL in *result, or a result of an earlier call, which is filled anew
 * @param columns  receives views of *result; may be NULL, else its struct_size must be set
 * @param error    may be NULL
 *
 * SPATIO_NOT_FOUND if the object is not here. Any thread. Since 0.1.
 */
spatio_status spatio_query_near(const struct spatio_namespace *ns,
                                uint64_t origin,
                                double radius,
                                uint32_t limit,
                                struct spatio_result **result,
                                struct spatio_columns *columns,
                                struct spatio_error *error);

/**
 * The k nearest to a point, altitude included, nearest first; of equal distances in the order of
 * ids.
 *
 * @param ns       a namespace
 * @param x        longitude in degrees, or x
 * @param y        latitude in degrees, or y
 * @param z        altitude in metres, or z
 * @param k        how many
 * @param result   NULL in *result, or a result of an earlier call, which is filled anew
 * @param columns  receives views of *result; may be NULL, else its struct_size must be set
 * @param error    may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_knn(const struct spatio_namespace *ns,
                         double x,
                         double y,
                         double z,
                         uint32_t k,
                         struct spatio_result **result,
                         struct spatio_columns *columns,
                         struct spatio_error *error);

/* The extent of a namespace ------------------------------------------------------------------- */

/**
 * The convex hull of all objects in the plane of x and y: a closed ring against the clock.
 *
 * @param ns       a namespace
 * @param result   NULL in *result, or a result of an earlier call, which is filled anew: its
 *                 columns x and y are the ring, without rows if there are no objects
 * @param columns  receives views of *result; may be NULL, else its struct_size must be set
 * @param error    may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_convex_hull(const struct spatio_namespace *ns,
                                 struct spatio_result **result,
                                 struct spatio_columns *columns,
                                 struct spatio_error *error);

/**
 * The smallest box around all objects.
 *
 * @param ns      a namespace
 * @param bounds  receives it; its struct_size must be set
 * @param error   may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_get_bounds(const struct spatio_namespace *ns,
                                struct spatio_bounds *bounds,
                                struct spatio_error *error);

/* Where things were --------------------------------------------------------------------------- */

/**
 * The positions that objects had in an interval of time.
 *
 * @param ns        a namespace with history
 * @param n         how many objects
 * @param handles   n handles
 * @param start_us  first moment of the interval, in microseconds since 1970-01-01 UTC
 * @param end_us    last moment, which belongs to it
 * @param order     SPATIO_OLDEST_FIRST or SPATIO_NEWEST_FIRST
 * @param limit     at most so many of each object, the first in that order; SPATIO_NO_LIMIT
 * @param cancel    stops the call between two objects when it is fired; may be NULL
 * @param result    NULL in *result, or a result of an earlier call, which is filled anew: columns
 *                  handles, x, y, z and time_us, the rows of object i from offsets[i] on
 * @param columns   receives views of *result; may be NULL, else its struct_size must be set
 * @param error     may be NULL; its row is the handle that was refused
 *
 * What was not flushed yet is part of the answer. SPATIO_UNSUPPORTED if the namespace keeps no
 * history. Any thread. Since 0.1.
 */
spatio_status spatio_trajectory(const struct spatio_namespace *ns,
                                size_t n,
                                const uint64_t *handles,
                                int64_t start_us,
                                int64_t end_us,
                                uint32_t order,
                                uint32_t limit,
                                struct spatio_cancel *cancel,
                                struct spatio_result **result,
                                struct spatio_columns *columns,
                                struct spatio_error *error);

/**
 * Where objects were at an instant.
 *
 * @param ns             a namespace with history
 * @param n              how many objects
 * @param handles        n handles
 * @param time_us        the instant, in microseconds since 1970-01-01 UTC
 * @param interpolation  SPATIO_INTERPOLATE_LINEAR or SPATIO_INTERPOLATE_LAST
 * @param x              receives n longitudes in degrees, or x
 * @param y              receives n latitudes in degrees, or y
 * @param z              receives n altitudes in metres, or z; may be NULL
 * @param found          receives n times 1, or 0 before the first known position; may be NULL
 * @param error          may be NULL; its row is the handle that was refused
 *
 * SPATIO_UNSUPPORTED if the namespace keeps no history. Any thread. Since 0.1.
 */
spatio_status spatio_positions_at(const struct spatio_namespace *ns,
                                  size_t n,
                                  const uint64_t *handles,
                                  int64_t time_us,
                                  uint32_t interpolation,
                                  double *x,
                                  double *y,
                                  double *z,
                                  uint8_t *found,
                                  struct spatio_error *error);

/* How far things are from each other ---------------------------------------------------------- */

/**
 * The distances between pairs of objects, altitude included.
 *
 * @param ns        a namespace
 * @param n         how many pairs
 * @param a         n handles
 * @param b         n handles
 * @param metric    SPATIO_METRIC_...
 * @param distance  receives n distances; NaN where one of the two is not here
 * @param error     may be NULL; its row is the pair that was refused
 *
 * SPATIO_UNSUPPORTED for a metric that the namespace's space does not have. Any thread. Since
 * 0.1.
 */
spatio_status spatio_distance_between(const struct spatio_namespace *ns,
                                      size_t n,
                                      const uint64_t *a,
                                      const uint64_t *b,
                                      uint32_t metric,
                                      double *distance,
                                      struct spatio_error *error);

/**
 * The distances from objects to a point, altitude included.
 *
 * @param ns        a namespace
 * @param n         how many objects
 * @param handles   n handles
 * @param x         longitude in degrees, or x
 * @param y         latitude in degrees, or y
 * @param z         altitude in metres, or z
 * @param metric    SPATIO_METRIC_...
 * @param distance  receives n distances; NaN where the object is not here
 * @param error     may be NULL; its row is the handle that was refused
 *
 * SPATIO_UNSUPPORTED for a metric that the namespace's space does not have. Any thread. Since
 * 0.1.
 */
spatio_status spatio_distance_to(const struct spatio_namespace *ns,
                                 size_t n,
                                 const uint64_t *handles,
                                 double x,
                                 double y,
                                 double z,
                                 uint32_t metric,
                                 double *distance,
                                 struct spatio_error *error);

/**
 * The distance between two points, altitude included, without a database.
 *
 * @param space     SPATIO_GEOGRAPHIC or SPATIO_CARTESIAN
 * @param metric    SPATIO_METRIC_...
 * @param x1        longitude in degrees, or x, of the one
 * @param y1        latitude in degrees, or y
 * @param z1        altitude in metres, or z
 * @param x2        the same of the other
 * @param y2        the same
 * @param z2        the same
 * @param distance  receives the distance
 * @param error     may be NULL
 *
 * SPATIO_UNSUPPORTED for a metric that the space does not have. Any thread. Since 0.1.
 */
spatio_status spatio_distance(uint32_t space,
                              uint32_t metric,
                              double x1,
                              double y1,
                              double z1,
                              double x2,
                              double y2,
                              double z2,
                              double *distance,
                              struct spatio_error *error);

/* Packed indexes: boxes that do not change ---------------------------------------------------- */

/**
 * Gives the options of an index their defaults.
 *
 * @param options  to be filled
 * @param size     sizeof(spatio_index_options) as the caller's header has it
 *
 * Since 0.1.
 */
void spatio_index_options_init(struct spatio_index_options *options, size_t size);

/**
 * Builds an index in memory.
 *
 * Three boxes in the plane, and which of them a window meets:
 *
 * ```c
 * const double min[] = {0, 0,  5, 5,  8, 1}, max[] = {2, 2,  6, 9,  9, 2};
 * const double from[] = {1, 1}, to[] = {5, 6};
 * spatio_index *index = NULL;
 * spatio_hits *hits = NULL;
 * spatio_hit_columns found = {sizeof found};
 * spatio_index_build(2, 3, min, max, NULL, NULL, NULL, NULL, NULL, NULL, &index, &error);
 * spatio_index_search(index, 1, from, to, &hits, &found, &error);
 * for (row = 0; row < found.rows; row++)
 *     printf("%u\n", found.ids[row]);                  // 0 and 1, in any order
 * ```
 *
 * @param dims             axes of the boxes: 2, 3 or 4
 * @param n                how many boxes there are; at most 4,294,967,295
 * @param min              n times dims numbers: the least coordinates of box 0 on each axis, then
 *                         of box 1 ... Not NaN; infinities are fine.
 * @param max              the same of the greatest; NULL: the boxes are points
 * @param payload_offsets  n + 1 numbers: the payload of item i is the bytes payload_offsets[i] up
 *                         to, not including, payload_offsets[i + 1] of payloads; NULL: none
 * @param payloads         the payloads behind each other
 * @param values           n numbers, to be summed up by spatio_index_aggregate; NULL: none. A tree
 *                         of the format must then have 64 bits
 * @param masks            n sets of 64 bits, to be united by spatio_index_aggregate; NULL: none.
 *                         As for values
 * @param metadata         what the index says about itself; may be NULL
 * @param options          how it is built; NULL for the defaults
 * @param index            receives it, to be freed by spatio_index_free; NULL on failure
 * @param error            may be NULL; its row is the box that was refused
 *
 * Everything is copied. SPATIO_INVALID_ARGUMENT for a NaN or a box whose min is above its max.
 * SPATIO_INDEX_ORIGIN and SPATIO_INDEX_BOTH need 2 or 3 dims. Any thread. Since 0.1.
 */
spatio_status spatio_index_build(uint32_t dims,
                                 size_t n,
                                 const double *min,
                                 const double *max,
                                 const uint64_t *payload_offsets,
                                 const uint8_t *payloads,
                                 const double *values,
                                 const uint64_t *masks,
                                 const struct spatio_index_metadata *metadata,
                                 const struct spatio_index_options *options,
                                 struct spatio_index **index,
                                 struct spatio_error *error);

/**
 * Builds an index into a file. The file is written under another name beside it, made durable and
 * then renamed: a file of that name is replaced as a whole, and an index that has it open keeps
 * what it had.
 *
 * @param path             UTF-8 with a NUL at its end; its folder must exist
 * @param dims             as for spatio_index_build, and so on
 * @param n                how many boxes there are
 * @param min              their least coordinates
 * @param max              their greatest; may be NULL
 * @param payload_offsets  where the payloads begin and end; may be NULL
 * @param payloads         the payloads
 * @param values           a number of each item; may be NULL
 * @param masks            64 bits of each item; may be NULL
 * @param metadata         may be NULL
 * @param options          may be NULL
 * @param bytes            receives the length of the file; may be NULL
 * @param error            may be NULL; its row is the box that was refused
 *
 * SPATIO_NOT_FOUND without the folder. Any thread. Since 0.1.
 */
spatio_status spatio_index_write(const char *path,
                                 uint32_t dims,
                                 size_t n,
                                 const double *min,
                                 const double *max,
                                 const uint64_t *payload_offsets,
                                 const uint8_t *payloads,
                                 const double *values,
                                 const uint64_t *masks,
                                 const struct spatio_index_metadata *metadata,
                                 const struct spatio_index_options *options,
                                 uint64_t *bytes,
                                 struct spatio_error *error);

/* Opening a packed index ---------------------------------------------------------------------- */

/**
 * Opens the file of an index, made by spatio_index_write or by another program that writes the
 * format PSINDEX. The file is mapped: opening costs the same for any number of items, and pages
 * are read when a question needs them.
 *
 * @param path   UTF-8 with a NUL at its end
 * @param index  receives it, to be freed by spatio_index_free; NULL on failure
 * @param error  may be NULL
 *
 * The file must not be changed or cut in place while it is open; it may be removed or replaced by
 * another one. SPATIO_NOT_FOUND if there is none, SPATIO_CORRUPT if it is no index or contradicts
 * itself; what is damaged further in is found by the question that comes upon it, or by
 * spatio_index_verify. Any thread. Since 0.1.
 */
spatio_status spatio_index_open(const char *path,
                                struct spatio_index **index,
                                struct spatio_error *error);

/**
 * Opens an index from the bytes of its file, which are copied.
 *
 * @param bytes   the file
 * @param length  how many bytes it has
 * @param index   receives it, to be freed by spatio_index_free; NULL on failure
 * @param error   may be NULL
 *
 * Errors as of spatio_index_open. Any thread. Since 0.1.
 */
spatio_status spatio_index_open_bytes(const uint8_t *bytes,
                                      size_t length,
                                      struct spatio_index **index,
                                      struct spatio_error *error);

/**
 * The bytes of an index, which are those of its file: to be kept or sent, and to be opened by
 * spatio_index_open_bytes.
 *
 * @param index   an index
 * @param bytes   receives a view of them, valid until the index is freed
 * @param length  receives how many there are
 * @param error   may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_index_bytes(const struct spatio_index *index,
                                 const uint8_t **bytes,
                                 size_t *length,
                                 struct spatio_error *error);

/**
 * What an index is, and the box of all its items.
 *
 * @param index  an index
 * @param info   receives it; its struct_size must be set
 * @param error  may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_index_get_info(const struct spatio_index *index,
                                    struct spatio_index_info *info,
                                    struct spatio_error *error);

/**
 * What an index says about itself in words.
 *
 * @param index     an index
 * @param metadata  receives views of the words, valid until the index is freed; its struct_size
 *                  must be set
 * @param error     may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_index_get_metadata(const struct spatio_index *index,
                                        struct spatio_index_metadata *metadata,
                                        struct spatio_error *error);

/**
 * Looks through all of an index: checksums, the structure of its trees, payloads, words. It reads
 * the whole file.
 *
 * @param index  an index
 * @param error  may be NULL
 *
 * SPATIO_CORRUPT if something is not what was written. Any thread. Since 0.1.
 */
spatio_status spatio_index_verify(const struct spatio_index *index, struct spatio_error *error);

/**
 * Frees an index; a file that it was opened from stays. NULL is fine. Since 0.1.
 *
 * @param index  an index
 */
void spatio_index_free(struct spatio_index *index);

/* Answers of a packed index ------------------------------------------------------------------- */

/**
 * Views of the columns of an answer that an earlier call filled.
 *
 * @param hits     an answer
 * @param columns  receives the views; its struct_size must be set
 *
 * SPATIO_NULL_POINTER or SPATIO_INVALID_ARGUMENT. Any thread. Since 0.1.
 */
spatio_status spatio_hits_columns(const struct spatio_hits *hits,
                                  struct spatio_hit_columns *columns);

/**
 * Frees an answer with its columns. NULL is fine. Since 0.1.
 *
 * @param hits  an answer
 */
void spatio_hits_free(struct spatio_hits *hits);

/* What lies where in a packed index ----------------------------------------------------------- */

/**
 * The items that share a point with windows, their borders included: one call for any number of
 * windows.
 *
 * ```c
 * spatio_hits *hits = NULL;                            // once, before the first frame
 * spatio_hit_columns found = {sizeof found};
 * ...
 * if (spatio_index_search(index, n, min, max, &hits, &found, &error) == SPATIO_OK)
 *     for (q = 0; q < n; q++)
 *         for (row = found.offsets[q]; row < found.offsets[q + 1]; row++)
 *             draw(q, found.ids[row]);
 * ...
 * spatio_hits_free(hits);                              // once, after the last frame
 * ```
 *
 * @param index    an index
 * @param n        how many windows
 * @param min      n times dims numbers: the least coordinates of window 0 on each axis, then of
 *                 window 1 ...
 * @param max      the same of the greatest; NULL: the windows are points
 * @param hits     NULL in *hits, or those of an earlier call, which are filled anew: column ids,
 *                 in no order
 * @param columns  receives views of *hits; may be NULL, else its struct_size must be set
 * @param error    may be NULL; its row is the window that was refused
 *
 * On failure *hits stays the caller's, emptied. SPATIO_INVALID_ARGUMENT for a NaN or a window
 * whose min is above its max; SPATIO_CORRUPT for what is damaged on the way. Any thread. Since
 * 0.1.
 */
spatio_status spatio_index_search(const struct spatio_index *index,
                                  size_t n,
                                  const double *min,
                                  const double *max,
                                  struct spatio_hits **hits,
                                  struct spatio_hit_columns *columns,
                                  struct spatio_error *error);

/**
 * How many items share a point with windows. What lies wholly inside of one is not looked at, so
 * that it takes much less than finding them.
 *
 * @param index   an index
 * @param n       how many windows
 * @param min     their least coordinates, as for spatio_index_search
 * @param max     their greatest; NULL: the windows are points
 * @param counts  receives n numbers
 * @param error   may be NULL; its row is the window that was refused
 *
 * Errors as of spatio_index_search. Any thread. Since 0.1.
 */
spatio_status spatio_index_count(const struct spatio_index *index,
                                 size_t n,
                                 const double *min,
                                 const double *max,
                                 uint64_t *counts,
                                 struct spatio_error *error);

/**
 * About how many items share a point with windows, without looking further down than asked: a
 * bracket that holds the true number, and a guess in it.
 *
 * @param index       an index
 * @param n           how many windows
 * @param min         their least coordinates, as for spatio_index_search
 * @param max         their greatest; NULL: the windows are points
 * @param stop_level  0: all three are the true number; 1: items are not looked at; 2: nor are the
 *                    lowest nodes; and so on, where each level has a sixteenth of the nodes
 * @param lower       receives n numbers: there are no fewer; may be NULL, like the next two
 * @param upper       receives n numbers: there are no more
 * @param estimates   receives n guesses, as if items were spread evenly in the boxes of nodes
 * @param error       may be NULL; its row is the window that was refused
 *
 * Errors as of spatio_index_search. Any thread. Since 0.1.
 */
spatio_status spatio_index_estimate(const struct spatio_index *index,
                                    size_t n,
                                    const double *min,
                                    const double *max,
                                    uint32_t stop_level,
                                    uint64_t *lower,
                                    uint64_t *upper,
                                    double *estimates,
                                    struct spatio_error *error);

/**
 * Whether any item shares a point with windows: for tests of collision. It ends at the first.
 *
 * @param index  an index
 * @param n      how many windows
 * @param min    their least coordinates, as for spatio_index_search
 * @param max    their greatest; NULL: the windows are points
 * @param any    receives n times 1 or 0
 * @param error  may be NULL; its row is the window that was refused
 *
 * Errors as of spatio_index_search. Any thread. Since 0.1.
 */
spatio_status spatio_index_any(const struct spatio_index *index,
                               size_t n,
                               const double *min,
                               const double *max,
                               uint8_t *any,
                               struct spatio_error *error);

/**
 * The items within a Euclidean distance of boxes or points; what is exactly as far belongs to it,
 * and at 0 it is what touches.
 *
 * @param index         an index
 * @param n             how many boxes
 * @param min           their least coordinates, as for spatio_index_search
 * @param max           their greatest; NULL: points
 * @param max_distance  n distances, one for each
 * @param hits          NULL in *hits, or those of an earlier call, which are filled anew: column
 *                      ids, in no order
 * @param columns       receives views of *hits; may be NULL, else its struct_size must be set
 * @param error         may be NULL; its row is the box that was refused
 *
 * SPATIO_OUT_OF_RANGE for a distance that is negative or NaN; else as spatio_index_search. Any
 * thread. Since 0.1.
 */
spatio_status spatio_index_search_within(const struct spatio_index *index,
                                         size_t n,
                                         const double *min,
                                         const double *max,
                                         const double *max_distance,
                                         struct spatio_hits **hits,
                                         struct spatio_hit_columns *columns,
                                         struct spatio_error *error);

/**
 * The items that share a point with a polygon, which lies on the first two axes; further axes
 * play no part. It is exact: a box in a hole, or beside a slope, is not found.
 *
 * @param index    an index
 * @param polygon  a polygon
 * @param hits     NULL in *hits, or those of an earlier call, which are filled anew: column ids,
 *                 in no order, of one query
 * @param columns  receives views of *hits; may be NULL, else its struct_size must be set
 * @param error    may be NULL
 *
 * Coordinates are taken as they are, in degrees too. Any thread. Since 0.1.
 */
spatio_status spatio_index_search_polygon(const struct spatio_index *index,
                                          const struct spatio_polygon *polygon,
                                          struct spatio_hits **hits,
                                          struct spatio_hit_columns *columns,
                                          struct spatio_error *error);

/**
 * The k items nearest to boxes or points, by Euclidean distance: nearest first, and of those that
 * are equally near the one with the smaller id first.
 *
 * @param index         an index
 * @param n             how many boxes
 * @param min           n times dims numbers: the least coordinates of box 0 on each axis, then of
 *                      box 1 ...
 * @param max           the same of the greatest; NULL: points
 * @param k             at most so many for each; SPATIO_NO_LIMIT
 * @param max_distance  n distances: none further than that; NULL: however far
 * @param hits          NULL in *hits, or those of an earlier call, which are filled anew: columns
 *                      ids and distance
 * @param columns       receives views of *hits; may be NULL, else its struct_size must be set
 * @param error         may be NULL; its row is the box that was refused
 *
 * On failure *hits stays the caller's, emptied. SPATIO_INVALID_ARGUMENT for a NaN or a box whose
 * min is above its max, SPATIO_OUT_OF_RANGE for a distance that is negative or NaN. Any thread.
 * Since 0.1.
 */
spatio_status spatio_index_nearest(const struct spatio_index *index,
                                   size_t n,
                                   const double *min,
                                   const double *max,
                                   uint32_t k,
                                   const double *max_distance,
                                   struct spatio_hits **hits,
                                   struct spatio_hit_columns *columns,
                                   struct spatio_error *error);

/**
 * The k items nearest to places on the globe, in metres along the great circle on the mean
 * sphere, also across the antimeridian and at the poles. Axis 0 of the index is the longitude and
 * axis 1 the latitude in degrees; further axes play no part. Boxes run eastwards, and may lie
 * anywhere: their longitudes count modulo 360, so that one from 170 to 190 crosses the
 * antimeridian, and latitudes beyond a pole count as the pole.
 *
 * @param index         an index
 * @param n             how many places
 * @param lon           n longitudes in degrees
 * @param lat           n latitudes in degrees
 * @param k             at most so many for each; SPATIO_NO_LIMIT
 * @param max_distance  n distances in metres: none further than that; NULL: however far
 * @param hits          NULL in *hits, or those of an earlier call, which are filled anew: columns
 *                      ids and distance, nearest first
 * @param columns       receives views of *hits; may be NULL, else its struct_size must be set
 * @param error         may be NULL; its row is the place that was refused
 *
 * SPATIO_OUT_OF_RANGE for a place that is not on the globe or a distance that is negative or NaN.
 * Any thread. Since 0.1.
 */
spatio_status spatio_index_nearest_great_circle(const struct spatio_index *index,
                                                size_t n,
                                                const double *lon,
                                                const double *lat,
                                                uint32_t k,
                                                const double *max_distance,
                                                struct spatio_hits **hits,
                                                struct spatio_hit_columns *columns,
                                                struct spatio_error *error);

/**
 * The items within a distance in metres along the great circle of places on the globe; see
 * spatio_index_nearest_great_circle.
 *
 * @param index         an index
 * @param n             how many places
 * @param lon           n longitudes in degrees
 * @param lat           n latitudes in degrees
 * @param max_distance  n distances in metres, one for each
 * @param hits          NULL in *hits, or those of an earlier call, which are filled anew: column
 *                      ids, in no order
 * @param columns       receives views of *hits; may be NULL, else its struct_size must be set
 * @param error         may be NULL; its row is the place that was refused
 *
 * Errors as of spatio_index_nearest_great_circle. Any thread. Since 0.1.
 */
spatio_status spatio_index_search_great_circle(const struct spatio_index *index,
                                               size_t n,
                                               const double *lon,
                                               const double *lat,
                                               const double *max_distance,
                                               struct spatio_hits **hits,
                                               struct spatio_hit_columns *columns,
                                               struct spatio_error *error);

/**
 * The items that rays hit, in the order in which they enter them. A ray is the points
 * origin + t * direction for t from 0 to max_t; it hits what it touches, and what it begins in
 * at 0.
 *
 * @param index      an index
 * @param n          how many rays
 * @param origin     n times dims numbers: where ray 0 begins on each axis, then ray 1 ...
 * @param direction  the same of their directions, which need not have the length 1 and of which
 *                   components may be 0
 * @param max_t      n numbers: how far each goes, in lengths of its direction; NULL: for ever
 * @param hits       NULL in *hits, or those of an earlier call, which are filled anew: columns ids
 *                   and distance, which is the t at which the ray enters
 * @param columns    receives views of *hits; may be NULL, else its struct_size must be set
 * @param error      may be NULL; its row is the ray that was refused
 *
 * On failure *hits stays the caller's, emptied. SPATIO_OUT_OF_RANGE for an origin that is not
 * finite, a component over 1e300 or NaN, a max_t that is negative or NaN. Any thread. Since 0.1.
 */
spatio_status spatio_index_raycast(const struct spatio_index *index,
                                   size_t n,
                                   const double *origin,
                                   const double *direction,
                                   const double *max_t,
                                   struct spatio_hits **hits,
                                   struct spatio_hit_columns *columns,
                                   struct spatio_error *error);

/**
 * Whether rays hit any item: for lines of sight. It ends at the first.
 *
 * @param index      an index
 * @param n          how many rays
 * @param origin     where they begin, as for spatio_index_raycast
 * @param direction  where they go
 * @param max_t      how far; NULL: for ever
 * @param any        receives n times 1 or 0
 * @param error      may be NULL; its row is the ray that was refused
 *
 * Errors as of spatio_index_raycast. Any thread. Since 0.1.
 */
spatio_status spatio_index_raycast_any(const struct spatio_index *index,
                                       size_t n,
                                       const double *origin,
                                       const double *direction,
                                       const double *max_t,
                                       uint8_t *any,
                                       struct spatio_error *error);

/**
 * The item that each ray enters first; of several the one with the smallest id.
 *
 * @param index      an index
 * @param n          how many rays
 * @param origin     where they begin, as for spatio_index_raycast
 * @param direction  where they go
 * @param max_t      how far; NULL: for ever
 * @param ids        receives n items, SPATIO_NO_ITEM where a ray hits none
 * @param t          receives n numbers: where it enters, NaN where it hits none; may be NULL
 * @param error      may be NULL; its row is the ray that was refused
 *
 * Errors as of spatio_index_raycast. Any thread. Since 0.1.
 */
spatio_status spatio_index_raycast_closest(const struct spatio_index *index,
                                           size_t n,
                                           const double *origin,
                                           const double *direction,
                                           const double *max_t,
                                           uint32_t *ids,
                                           double *t,
                                           struct spatio_error *error);

/**
 * Builds an index of triangles in memory: its items are their boxes, and the triangles stand
 * beside them for spatio_index_raycast_triangles. Each other question is answered by the boxes.
 *
 * @param dims      axes of the corners: 2 or 3
 * @param n         how many triangles there are
 * @param corners   n times 3 times dims numbers: the three corners of triangle 0, then of
 *                  triangle 1 ...; finite
 * @param metadata  what the index says about itself; may be NULL
 * @param options   how it is built; NULL for the defaults
 * @param index     receives it, to be freed by spatio_index_free; NULL on failure
 * @param error     may be NULL; its row is the triangle that was refused
 *
 * The payload of an item is its corners, 3 times dims numbers of 64 bits, the least byte first.
 * spatio_index_bytes shows the file of it. SPATIO_INVALID_ARGUMENT for a corner that is not
 * finite. Any thread. Since 0.1.
 */
spatio_status spatio_index_build_triangles(uint32_t dims,
                                           size_t n,
                                           const double *corners,
                                           const struct spatio_index_metadata *metadata,
                                           const struct spatio_index_options *options,
                                           struct spatio_index **index,
                                           struct spatio_error *error);

/**
 * The triangle that each ray meets first; of several the one with the smallest id. A triangle is
 * filled and closed and met from either side; in space a ray that lies in its plane passes it.
 *
 * @param index      an index of spatio_index_build_triangles
 * @param n          how many rays
 * @param origin     where they begin, as for spatio_index_raycast
 * @param direction  where they go
 * @param max_t      how far; NULL: for ever
 * @param ids        receives n items, SPATIO_NO_ITEM where a ray meets none
 * @param t          receives n numbers: where it meets it, NaN where it meets none; may be NULL
 * @param error      may be NULL; its row is the ray that was refused
 *
 * SPATIO_UNSUPPORTED if the items are no triangles; else errors as of spatio_index_raycast. Any
 * thread. Since 0.1.
 */
spatio_status spatio_index_raycast_triangles(const struct spatio_index *index,
                                             size_t n,
                                             const double *origin,
                                             const double *direction,
                                             const double *max_t,
                                             uint32_t *ids,
                                             double *t,
                                             struct spatio_error *error);

/**
 * All pairs of items of an index that are within a Euclidean distance of each other, each once
 * with the smaller id first; at 0 those that touch.
 *
 * @param index         an index
 * @param max_distance  0 or more
 * @param cancel        stops the call when it is fired; may be NULL
 * @param hits          NULL in *hits, or those of an earlier call, which are filled anew: columns
 *                      ids and others, in no order, of one query
 * @param columns       receives views of *hits; may be NULL, else its struct_size must be set
 * @param error         may be NULL
 *
 * There may be as many as items squared: an answer takes 8 bytes a pair. SPATIO_OUT_OF_RANGE for
 * a distance that is negative or NaN. Any thread. Since 0.1.
 */
spatio_status spatio_index_pairs(const struct spatio_index *index,
                                 double max_distance,
                                 struct spatio_cancel *cancel,
                                 struct spatio_hits **hits,
                                 struct spatio_hit_columns *columns,
                                 struct spatio_error *error);

/**
 * All pairs of an item of one index and one of another that are within a Euclidean distance of
 * each other; at 0 those that touch.
 *
 * @param index         an index
 * @param other         an index of as many axes, or the same one
 * @param max_distance  0 or more
 * @param cancel        stops the call when it is fired; may be NULL
 * @param hits          NULL in *hits, or those of an earlier call, which are filled anew: columns
 *                      ids, of index, and others, of other, in no order, of one query
 * @param columns       receives views of *hits; may be NULL, else its struct_size must be set
 * @param error         may be NULL
 *
 * SPATIO_INVALID_ARGUMENT if they have not the same number of axes; else as spatio_index_pairs.
 * Any thread. Since 0.1.
 */
spatio_status spatio_index_join(const struct spatio_index *index,
                                const struct spatio_index *other,
                                double max_distance,
                                struct spatio_cancel *cancel,
                                struct spatio_hits **hits,
                                struct spatio_hit_columns *columns,
                                struct spatio_error *error);

/**
 * The items of an index that no item of another is within a Euclidean distance of; at 0 those
 * that none touches.
 *
 * @param index         an index
 * @param other         an index of as many axes
 * @param max_distance  0 or more
 * @param cancel        stops the call when it is fired; may be NULL
 * @param hits          NULL in *hits, or those of an earlier call, which are filled anew: column
 *                      ids, of index, in no order, of one query
 * @param columns       receives views of *hits; may be NULL, else its struct_size must be set
 * @param error         may be NULL
 *
 * It takes a bit for each item. Errors as of spatio_index_join. Any thread. Since 0.1.
 */
spatio_status spatio_index_anti_join(const struct spatio_index *index,
                                     const struct spatio_index *other,
                                     double max_distance,
                                     struct spatio_cancel *cancel,
                                     struct spatio_hits **hits,
                                     struct spatio_hit_columns *columns,
                                     struct spatio_error *error);

/**
 * The two items that are closest to each other by Euclidean distance: of one index, or an item of
 * one and an item of another.
 *
 * @param index     an index
 * @param other     an index of as many axes, for an item of each; NULL: both of index, distinct
 * @param cancel    stops the call when it is fired; may be NULL
 * @param id        receives the item of index; without other the one with the smaller id
 * @param other_id  receives the other item
 * @param distance  receives how far they are apart: 0 if they touch; may be NULL
 * @param error     may be NULL
 *
 * Of several pairs that are equally close it is any one. If there is no pair both items are
 * SPATIO_NO_ITEM and the distance is NaN. SPATIO_INVALID_ARGUMENT if the indexes have not the same
 * number of axes. Any thread. Since 0.1.
 */
spatio_status spatio_index_closest_pair(const struct spatio_index *index,
                                        const struct spatio_index *other,
                                        struct spatio_cancel *cancel,
                                        uint32_t *id,
                                        uint32_t *other_id,
                                        double *distance,
                                        struct spatio_error *error);

/**
 * Which items hang together, from one to the next within a Euclidean distance; at 0 by touching.
 *
 * @param index         an index
 * @param max_distance  0 or more
 * @param cancel        stops the call when it is fired; may be NULL
 * @param n             how many items the index has
 * @param labels        receives n items: for each item, by id, the smallest id that it hangs
 *                      together with, which is the same for all that do; its own if it is alone
 * @param error         may be NULL
 *
 * SPATIO_INVALID_ARGUMENT if n is another number than that of the items; SPATIO_OUT_OF_RANGE for a
 * distance that is negative or NaN. Any thread. Since 0.1.
 */
spatio_status spatio_index_components(const struct spatio_index *index,
                                      double max_distance,
                                      struct spatio_cancel *cancel,
                                      size_t n,
                                      uint32_t *labels,
                                      struct spatio_error *error);

/* Regions that packed indexes are searched for ------------------------------------------------ */

/**
 * Makes a ball: all that is within a Euclidean distance of a point. On two axes it is a disc.
 *
 * What lies within 100 of a place in space, of whichever index:
 *
 * ```c
 * const double here[] = {12, 7, -3};
 * spatio_region *region = NULL;
 * spatio_hits *hits = NULL;
 * spatio_hit_columns found = {sizeof found};
 * spatio_region_ball(3, here, 100, &region, &error);
 * spatio_index_search_region(index, region, &hits, &found, &error);
 * for (row = 0; row < found.rows; row++)
 *     printf("%u\n", found.ids[row]);
 * spatio_region_free(region);
 * ```
 *
 * @param dims    axes: 2, 3 or 4, as many as the index has that is asked
 * @param centre  dims numbers
 * @param radius  0 or more
 * @param region  receives it, to be freed by spatio_region_free; NULL on failure
 * @param error   may be NULL
 *
 * SPATIO_INVALID_ARGUMENT for a number that is not finite or a radius below 0. Any thread. Since
 * 0.1.
 */
spatio_status spatio_region_ball(uint32_t dims,
                                 const double *centre,
                                 double radius,
                                 struct spatio_region **region,
                                 struct spatio_error *error);

/**
 * Makes a capsule: all that is within a Euclidean distance of a segment.
 *
 * @param dims    axes, as for spatio_region_ball
 * @param from    dims numbers: where the segment begins
 * @param to      dims numbers: where it ends
 * @param radius  0 or more
 * @param region  receives it, to be freed by spatio_region_free; NULL on failure
 * @param error   may be NULL
 *
 * Errors as of spatio_region_ball. Any thread. Since 0.1.
 */
spatio_status spatio_region_capsule(uint32_t dims,
                                    const double *from,
                                    const double *to,
                                    double radius,
                                    struct spatio_region **region,
                                    struct spatio_error *error);

/**
 * Makes a cone with a round end: all balls with their centres on its axis that just touch the
 * cone of the angle, up to the one whose centre is so far from the apex.
 *
 * @param dims            axes, as for spatio_region_ball
 * @param apex            dims numbers: its tip
 * @param direction       dims numbers: where its axis goes, of any length but 0
 * @param half_angle_rad  the angle between its axis and its side: above 0 and under pi/2
 * @param length          how far the last centre is from the apex: 0 or more
 * @param region          receives it, to be freed by spatio_region_free; NULL on failure
 * @param error           may be NULL
 *
 * SPATIO_INVALID_ARGUMENT for a number that is not finite, a direction without length or a length
 * below 0; SPATIO_OUT_OF_RANGE for another angle. Any thread. Since 0.1.
 */
spatio_status spatio_region_cone(uint32_t dims,
                                 const double *apex,
                                 const double *direction,
                                 double half_angle_rad,
                                 double length,
                                 struct spatio_region **region,
                                 struct spatio_error *error);

/**
 * Makes a half-space: the points x of which the product normal . x is offset or more, so the side
 * of a line or a plane that its normal points to.
 *
 * @param dims    axes, as for spatio_region_ball
 * @param normal  dims numbers, whose length need not be 1
 * @param offset  what the product is on the border
 * @param region  receives it, to be freed by spatio_region_free; NULL on failure
 * @param error   may be NULL
 *
 * SPATIO_INVALID_ARGUMENT for a number that is not finite. Any thread. Since 0.1.
 */
spatio_status spatio_region_half_space(uint32_t dims,
                                       const double *normal,
                                       double offset,
                                       struct spatio_region **region,
                                       struct spatio_error *error);

/**
 * Makes the convex hull of points; of three it is a triangle. It lies on the first two axes of
 * any index; further axes play no part.
 *
 * @param n       how many points: 1 or more
 * @param xy      two numbers for each point: x0, y0, x1, y1 ...
 * @param region  receives it, to be freed by spatio_region_free; NULL on failure
 * @param error   may be NULL
 *
 * Points within the hull add nothing; a hull without area is a segment or a point.
 * SPATIO_INVALID_ARGUMENT without points or for a number that is not finite. Any thread. Since
 * 0.1.
 */
spatio_status spatio_region_convex(size_t n,
                                   const double *xy,
                                   struct spatio_region **region,
                                   struct spatio_error *error);

/**
 * Makes a polygon a region, for one that is asked often: it is made ready here, and not by each
 * question as in spatio_index_search_polygon. It lies on the first two axes of any index.
 *
 * @param polygon  a polygon, which may be freed afterwards
 * @param region   receives it, to be freed by spatio_region_free; NULL on failure
 * @param error    may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_region_polygon(const struct spatio_polygon *polygon,
                                    struct spatio_region **region,
                                    struct spatio_error *error);

/**
 * Makes what lies between six planes, as a camera sees it: of each the side is kept that its
 * normal points to. It has three axes. It keeps every box that no single plane rules out, so a
 * few beside its edges too.
 *
 * @param planes  24 numbers: of each plane the three of its normal and its offset, as for
 *                spatio_region_half_space
 * @param region  receives it, to be freed by spatio_region_free; NULL on failure
 * @param error   may be NULL; its row is the plane that was refused
 *
 * SPATIO_INVALID_ARGUMENT for a number that is not finite. Any thread. Since 0.1.
 */
spatio_status spatio_region_frustum(const double *planes,
                                    struct spatio_region **region,
                                    struct spatio_error *error);

/**
 * Makes what a camera sees from its matrix: clip = matrix * (x, y, z, 1), and seen is what comes
 * to -w <= x, y <= w and, of the depth, to 0 <= z <= w or to -w <= z <= w. Otherwise as
 * spatio_region_frustum.
 *
 * @param matrix           16 numbers, row by row
 * @param depth_from_zero  1: depth begins at 0, as in Vulkan, Direct3D and Metal; 0: at -w, as in
 *                         OpenGL
 * @param region           receives it, to be freed by spatio_region_free; NULL on failure
 * @param error            may be NULL
 *
 * SPATIO_INVALID_ARGUMENT for a number that is not finite. Any thread. Since 0.1.
 */
spatio_status spatio_region_view_projection(const double *matrix,
                                            uint32_t depth_from_zero,
                                            struct spatio_region **region,
                                            struct spatio_error *error);

/**
 * The items that share a point with a region, its border included.
 *
 * @param index    an index
 * @param region   a region of as many axes, or one on the first two
 * @param hits     NULL in *hits, or those of an earlier call, which are filled anew: column ids,
 *                 in no order, of one query
 * @param columns  receives views of *hits; may be NULL, else its struct_size must be set
 * @param error    may be NULL
 *
 * SPATIO_INVALID_ARGUMENT for a region of other axes; SPATIO_CORRUPT for what is damaged on the
 * way. Any thread. Since 0.1.
 */
spatio_status spatio_index_search_region(const struct spatio_index *index,
                                         const struct spatio_region *region,
                                         struct spatio_hits **hits,
                                         struct spatio_hit_columns *columns,
                                         struct spatio_error *error);

/**
 * How many items share a point with a region. What lies wholly inside of it is not looked at.
 *
 * @param index   an index
 * @param region  a region, as for spatio_index_search_region
 * @param count   receives the number
 * @param error   may be NULL
 *
 * Errors as of spatio_index_search_region. Any thread. Since 0.1.
 */
spatio_status spatio_index_count_region(const struct spatio_index *index,
                                        const struct spatio_region *region,
                                        uint64_t *count,
                                        struct spatio_error *error);

/**
 * Whether any item shares a point with a region. It ends at the first.
 *
 * @param index   an index
 * @param region  a region, as for spatio_index_search_region
 * @param any     receives 1 or 0
 * @param error   may be NULL
 *
 * Errors as of spatio_index_search_region. Any thread. Since 0.1.
 */
spatio_status spatio_index_any_region(const struct spatio_index *index,
                                      const struct spatio_region *region,
                                      uint8_t *any,
                                      struct spatio_error *error);

/**
 * Frees a region. NULL is fine. Since 0.1.
 *
 * @param region  a region
 */
void spatio_region_free(struct spatio_region *region);

/* What stands in a packed index --------------------------------------------------------------- */

/**
 * The payload of an item, where it lies.
 *
 * @param index    an index
 * @param id       an item
 * @param payload  receives a view of it, valid until the index is freed; NULL if the index has no
 *                 payloads
 * @param length   receives how many bytes it has
 * @param error    may be NULL
 *
 * SPATIO_NOT_FOUND if there is no such item. Any thread. Since 0.1.
 */
spatio_status spatio_index_payload(const struct spatio_index *index,
                                   uint32_t id,
                                   const uint8_t **payload,
                                   size_t *length,
                                   struct spatio_error *error);

/**
 * The payloads of many items, copied behind each other.
 *
 * @param index    an index
 * @param n        how many items
 * @param ids      n items, such as the column ids of other hits
 * @param hits     NULL in *hits, or those of an earlier call, which are filled anew: columns ids,
 *                 payload_offsets and payloads, one row for each item; must not be those that
 *                 ids lies in
 * @param columns  receives views of *hits; may be NULL, else its struct_size must be set
 * @param error    may be NULL; its row is the item that was refused
 *
 * If the index has no payloads each has no bytes. SPATIO_NOT_FOUND if there is no such item. Any
 * thread. Since 0.1.
 */
spatio_status spatio_index_payloads(const struct spatio_index *index,
                                    size_t n,
                                    const uint32_t *ids,
                                    struct spatio_hits **hits,
                                    struct spatio_hit_columns *columns,
                                    struct spatio_error *error);

/**
 * The boxes of items, as they are stored: exact, or with coordinates of 32 bits a little larger.
 *
 * @param index  an index
 * @param n      how many items
 * @param ids    n items
 * @param min    receives n times dims numbers: the least coordinates of each
 * @param max    receives the greatest; may be NULL
 * @param error  may be NULL; its row is the item that was refused
 *
 * SPATIO_NOT_FOUND if there is no such item. Any thread. Since 0.1.
 */
spatio_status spatio_index_boxes(const struct spatio_index *index,
                                 size_t n,
                                 const uint32_t *ids,
                                 double *min,
                                 double *max,
                                 struct spatio_error *error);

/**
 * How many items share a point with windows, and what their values and masks come to. What lies
 * wholly inside of a window is not looked at.
 *
 * @param index     an index that was built with values or masks
 * @param n         how many windows
 * @param min       their least coordinates, as for spatio_index_search
 * @param max       their greatest; NULL: the windows are points
 * @param counts    receives n numbers; may be NULL, like the next four
 * @param sums      receives n sums; 0 of no items or without values. The order of adding up is
 *                  not told, so the last digits may differ from those of another order.
 * @param least     receives the least value of each; NaN of no items or without values
 * @param greatest  receives the greatest; NaN of no items or without values
 * @param masks     receives n times all bits of any mask; 0 of no items or without masks
 * @param error     may be NULL; its row is the window that was refused
 *
 * SPATIO_UNSUPPORTED if the index has neither values nor masks; else as spatio_index_search. Any
 * thread. Since 0.1.
 */
spatio_status spatio_index_aggregate(const struct spatio_index *index,
                                     size_t n,
                                     const double *min,
                                     const double *max,
                                     uint64_t *counts,
                                     double *sums,
                                     double *least,
                                     double *greatest,
                                     uint64_t *masks,
                                     struct spatio_error *error);

/* Streamed indexes: packed ones whose bytes lie elsewhere ------------------------------------- */

/**
 * Gives the options of a stream their defaults.
 *
 * @param options  to be filled
 * @param size     sizeof(spatio_stream_options) as the caller's header has it
 *
 * Since 0.1.
 */
void spatio_stream_options_init(struct spatio_stream_options *options, size_t size);

/**
 * Begins to open the file of a packed index that lies elsewhere: behind a URL, in a bucket, in an
 * archive. Nothing is read; the fetch that this gives says which bytes it wants.
 *
 * ```c
 * while (spatio_fetch_wanted(fetch, &n, &offsets, &lengths, &error) == SPATIO_OK && n > 0) {
 *     // Get the bytes of all n ranges, at once or one by one, then
 *     if (spatio_fetch_feed(fetch, n, bytes, sizes, &error) != SPATIO_OK) break;
 * }
 * spatio_stream_open(fetch, &stream, &error);
 * ```
 *
 * @param file_bytes  how many bytes the file has
 * @param options     NULL: the defaults
 * @param fetch       receives what is to be fed, two or three times, until spatio_stream_open; to
 *                    be freed by spatio_fetch_free; NULL on failure
 * @param error       may be NULL
 *
 * How many axes the boxes have is found out from the file. Any thread. Since 0.1.
 */
spatio_status spatio_stream_begin(uint64_t file_bytes,
                                  const struct spatio_stream_options *options,
                                  struct spatio_fetch **fetch,
                                  struct spatio_error *error);

/**
 * Ends to open an index: what was learned of it, to be asked. The fetch stays the caller's.
 *
 * @param fetch   a fetch of spatio_stream_begin that wants nothing more
 * @param stream  receives it, to be freed by spatio_stream_free; NULL on failure
 * @param error   may be NULL
 *
 * SPATIO_INVALID_ARGUMENT if the fetch still wants something (it can go on), failed, or is a
 * question. One thread at a time for each fetch. Since 0.1.
 */
spatio_status spatio_stream_open(struct spatio_fetch *fetch,
                                 struct spatio_stream **stream,
                                 struct spatio_error *error);

/**
 * What a streamed index is, and the box of all its items.
 *
 * @param stream  a streamed index
 * @param info    receives it; its struct_size must be set
 * @param error   may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_stream_get_info(const struct spatio_stream *stream,
                                     struct spatio_stream_info *info,
                                     struct spatio_error *error);

/**
 * Frees a streamed index; questions that were asked of it go on. NULL is fine. Since 0.1.
 *
 * @param stream  a streamed index
 */
void spatio_stream_free(struct spatio_stream *stream);

/* Fetching what a streamed index wants -------------------------------------------------------- */

/**
 * The ranges of the file that a question wants next, ascending; none of them is empty.
 *
 * @param fetch    a question under way
 * @param n        receives how many ranges there are; 0: it is done and has its answer
 * @param offsets  receives a view of n numbers: where in the file each begins; NULL if n is 0
 * @param lengths  receives a view of n numbers: how many bytes each has; NULL if n is 0
 * @param error    may be NULL
 *
 * The views stay until the fetch is fed or freed. One thread at a time. Since 0.1.
 */
spatio_status spatio_fetch_wanted(const struct spatio_fetch *fetch,
                                  size_t *n,
                                  const uint64_t **offsets,
                                  const uint64_t **lengths,
                                  struct spatio_error *error);

/**
 * Feeds a question with the bytes of all ranges that it wants.
 *
 * @param fetch    a question under way
 * @param n        how many ranges: as many as are wanted
 * @param bytes    n pointers: the bytes of each range, in the order of the ranges; they are copied
 * @param lengths  n numbers: how many bytes came of each, which must be as many as were wanted
 * @param error    may be NULL
 *
 * If it fails the question wants nothing more and has no answer; free it. SPATIO_IO if other bytes
 * came than were wanted, SPATIO_CORRUPT if they contradict themselves, SPATIO_LIMIT_EXCEEDED if
 * what it wants next exceeds a limit of the options. One thread at a time. Since 0.1.
 */
spatio_status spatio_fetch_feed(struct spatio_fetch *fetch,
                                size_t n,
                                const uint8_t *const *bytes,
                                const size_t *lengths,
                                struct spatio_error *error);

/**
 * What a question has asked for so far, the ranges that it wants now included.
 *
 * @param fetch   a question under way, or one that is done
 * @param rounds  receives how often it wanted ranges; may be NULL, like the next two
 * @param reads   receives how many ranges
 * @param bytes   receives how many bytes
 * @param error   may be NULL
 *
 * One thread at a time. Since 0.1.
 */
spatio_status spatio_fetch_spent(const struct spatio_fetch *fetch,
                                 uint64_t *rounds,
                                 uint64_t *reads,
                                 uint64_t *bytes,
                                 struct spatio_error *error);

/**
 * Frees a question, done or not. NULL is fine. Since 0.1.
 *
 * @param fetch  a question
 */
void spatio_fetch_free(struct spatio_fetch *fetch);

/* What lies where in a streamed index --------------------------------------------------------- */

/**
 * Asks which items share a point with a window; spatio_fetch_hits answers with the columns ids and
 * ranks, in no order.
 *
 * @param stream  a streamed index
 * @param min     dims numbers: the least coordinate of the window on each axis
 * @param max     the greatest; NULL: the window is a point
 * @param fetch   receives the question, to be fed and then freed by spatio_fetch_free; NULL on
 *                failure
 * @param error   may be NULL
 *
 * SPATIO_INVALID_ARGUMENT for a NaN or a min above its max. Any thread. Since 0.1.
 */
spatio_status spatio_stream_search(const struct spatio_stream *stream,
                                   const double *min,
                                   const double *max,
                                   struct spatio_fetch **fetch,
                                   struct spatio_error *error);

/**
 * Asks how many items share a point with a window; spatio_fetch_count answers. What lies wholly
 * inside is not fetched, and the limit of items is not for it.
 *
 * @param stream  a streamed index
 * @param min     the window, as for spatio_stream_search
 * @param max     its greatest coordinates; NULL: it is a point
 * @param fetch   receives the question; NULL on failure
 * @param error   may be NULL
 *
 * Errors as of spatio_stream_search. Any thread. Since 0.1.
 */
spatio_status spatio_stream_count(const struct spatio_stream *stream,
                                  const double *min,
                                  const double *max,
                                  struct spatio_fetch **fetch,
                                  struct spatio_error *error);

/**
 * Asks what the values of the items of a window come to; spatio_fetch_aggregate answers.
 *
 * @param stream  a streamed index
 * @param min     the window, as for spatio_stream_search
 * @param max     its greatest coordinates; NULL: it is a point
 * @param fetch   receives the question; NULL on failure
 * @param error   may be NULL
 *
 * SPATIO_NOT_FOUND if the index has nothing to add up; else as spatio_stream_search. Any thread.
 * Since 0.1.
 */
spatio_status spatio_stream_aggregate(const struct spatio_stream *stream,
                                      const double *min,
                                      const double *max,
                                      struct spatio_fetch **fetch,
                                      struct spatio_error *error);

/**
 * Asks for the k items nearest to a point, by Euclidean distance; spatio_fetch_hits answers with
 * the columns ids, ranks and distance, nearest first, those equally near by id.
 *
 * @param stream        a streamed index
 * @param point         dims numbers
 * @param k             at most so many; SPATIO_NO_LIMIT
 * @param max_distance  none further than that; HUGE_VAL: however far
 * @param fetch         receives the question; NULL on failure
 * @param error         may be NULL
 *
 * SPATIO_INVALID_ARGUMENT for a NaN in the point, SPATIO_OUT_OF_RANGE for a distance that is
 * negative or NaN. Any thread. Since 0.1.
 */
spatio_status spatio_stream_nearest(const struct spatio_stream *stream,
                                    const double *point,
                                    uint32_t k,
                                    double max_distance,
                                    struct spatio_fetch **fetch,
                                    struct spatio_error *error);

/**
 * Asks for the item that a ray enters first, of several the one with the smallest id;
 * spatio_fetch_hits answers with one row or none: its id, its rank, and as its distance the t at
 * which the ray enters. A ray is the points origin + t * direction for t from 0 to max_t.
 *
 * @param stream     a streamed index
 * @param origin     dims numbers: where it begins
 * @param direction  dims numbers, of any length but 0
 * @param max_t      how far it goes, in lengths of its direction; HUGE_VAL: for ever
 * @param fetch      receives the question; NULL on failure
 * @param error      may be NULL
 *
 * Errors as of spatio_index_raycast. Any thread. Since 0.1.
 */
spatio_status spatio_stream_raycast_closest(const struct spatio_stream *stream,
                                            const double *origin,
                                            const double *direction,
                                            double max_t,
                                            struct spatio_fetch **fetch,
                                            struct spatio_error *error);

/**
 * Asks for the payloads of items, by their ranks; spatio_fetch_hits answers with the columns
 * ranks, payload_offsets and payloads, one row for each rank that was asked for.
 *
 * @param stream  a streamed index
 * @param n       how many items
 * @param ranks   n ranks, as the column ranks of other answers has them
 * @param fetch   receives the question; NULL on failure
 * @param error   may be NULL
 *
 * SPATIO_NOT_FOUND if the index has no payloads, SPATIO_INVALID_ARGUMENT for a rank beyond its
 * items. Any thread. Since 0.1.
 */
spatio_status spatio_stream_payloads(const struct spatio_stream *stream,
                                     size_t n,
                                     const uint32_t *ranks,
                                     struct spatio_fetch **fetch,
                                     struct spatio_error *error);

/**
 * Asks for the first bytes of the payloads of items, which lie close together and take one round;
 * spatio_fetch_hits answers as of spatio_stream_payloads. Each has as many bytes as
 * spatio_stream_info.prefix_bytes says, filled up with zeros where the payload is shorter.
 *
 * @param stream  a streamed index
 * @param n       how many items
 * @param ranks   n ranks
 * @param fetch   receives the question; NULL on failure
 * @param error   may be NULL
 *
 * SPATIO_NOT_FOUND if the file does not have them apart, SPATIO_INVALID_ARGUMENT for a rank beyond
 * its items. Any thread. Since 0.1.
 */
spatio_status spatio_stream_prefixes(const struct spatio_stream *stream,
                                     size_t n,
                                     const uint32_t *ranks,
                                     struct spatio_fetch **fetch,
                                     struct spatio_error *error);

/**
 * Asks which items share a point with a region, its border included; spatio_fetch_hits answers
 * with the columns ids and ranks, in no order.
 *
 * @param stream  a streamed index
 * @param region  a region of as many axes, or one on the first two; it may be freed when the
 *                question has begun
 * @param fetch   receives the question; NULL on failure
 * @param error   may be NULL
 *
 * SPATIO_INVALID_ARGUMENT for a region of other axes. Any thread. Since 0.1.
 */
spatio_status spatio_stream_search_region(const struct spatio_stream *stream,
                                          const struct spatio_region *region,
                                          struct spatio_fetch **fetch,
                                          struct spatio_error *error);

/**
 * Asks how many items share a point with a region; spatio_fetch_count answers. What lies wholly
 * inside is not fetched, and the limit of items is not for it.
 *
 * @param stream  a streamed index
 * @param region  a region, as for spatio_stream_search_region
 * @param fetch   receives the question; NULL on failure
 * @param error   may be NULL
 *
 * Errors as of spatio_stream_search_region. Any thread. Since 0.1.
 */
spatio_status spatio_stream_count_region(const struct spatio_stream *stream,
                                         const struct spatio_region *region,
                                         struct spatio_fetch **fetch,
                                         struct spatio_error *error);

/**
 * Asks which items are within a Euclidean distance of a box or a point; what is exactly as far
 * belongs to it, and at 0 it is what touches. spatio_fetch_hits answers with the columns ids and
 * ranks, in no order.
 *
 * @param stream        a streamed index
 * @param min           the box, as the window of spatio_stream_search
 * @param max           its greatest coordinates; NULL: it is a point
 * @param max_distance  0 or more; may be HUGE_VAL
 * @param fetch         receives the question; NULL on failure
 * @param error         may be NULL
 *
 * SPATIO_OUT_OF_RANGE for a distance that is negative or NaN; else as spatio_stream_search. Any
 * thread. Since 0.1.
 */
spatio_status spatio_stream_search_within(const struct spatio_stream *stream,
                                          const double *min,
                                          const double *max,
                                          double max_distance,
                                          struct spatio_fetch **fetch,
                                          struct spatio_error *error);

/**
 * Asks how many items are within a Euclidean distance of a box or a point; spatio_fetch_count
 * answers. What lies wholly inside is not fetched, and the limit of items is not for it.
 *
 * @param stream        a streamed index
 * @param min           the box, as for spatio_stream_search_within
 * @param max           its greatest coordinates; NULL: it is a point
 * @param max_distance  0 or more; may be HUGE_VAL
 * @param fetch         receives the question; NULL on failure
 * @param error         may be NULL
 *
 * Errors as of spatio_stream_search_within. Any thread. Since 0.1.
 */
spatio_status spatio_stream_count_within(const struct spatio_stream *stream,
                                         const double *min,
                                         const double *max,
                                         double max_distance,
                                         struct spatio_fetch **fetch,
                                         struct spatio_error *error);

/**
 * Asks for the k items nearest to a place on the globe, in metres along the great circle; what
 * boxes mean there is said at spatio_index_nearest_great_circle. spatio_fetch_hits answers with
 * the columns ids, ranks and distance, nearest first, those equally near by id.
 *
 * @param stream        a streamed index
 * @param lon           the longitude in degrees
 * @param lat           the latitude in degrees
 * @param k             at most so many; SPATIO_NO_LIMIT
 * @param max_distance  none further than so many metres; HUGE_VAL: however far
 * @param fetch         receives the question; NULL on failure
 * @param error         may be NULL
 *
 * SPATIO_OUT_OF_RANGE for a place that is not on the globe or a distance that is negative or NaN.
 * Any thread. Since 0.1.
 */
spatio_status spatio_stream_nearest_great_circle(const struct spatio_stream *stream,
                                                 double lon,
                                                 double lat,
                                                 uint32_t k,
                                                 double max_distance,
                                                 struct spatio_fetch **fetch,
                                                 struct spatio_error *error);

/**
 * Asks which items are within a distance in metres along the great circle of a place on the
 * globe; see spatio_stream_nearest_great_circle. spatio_fetch_hits answers with the columns ids
 * and ranks, in no order.
 *
 * @param stream        a streamed index
 * @param lon           the longitude in degrees
 * @param lat           the latitude in degrees
 * @param max_distance  metres: 0 or more
 * @param fetch         receives the question; NULL on failure
 * @param error         may be NULL
 *
 * Errors as of spatio_stream_nearest_great_circle. Any thread. Since 0.1.
 */
spatio_status spatio_stream_search_great_circle(const struct spatio_stream *stream,
                                                double lon,
                                                double lat,
                                                double max_distance,
                                                struct spatio_fetch **fetch,
                                                struct spatio_error *error);

/**
 * The rows that a question found: of spatio_stream_search, _search_region, _search_within,
 * _search_great_circle, _nearest, _nearest_great_circle, _raycast_closest, _payloads or _prefixes.
 *
 * @param fetch    a question that wants nothing more
 * @param hits     NULL in *hits, or those of an earlier call, which are filled anew with one query
 * @param columns  receives views of *hits; may be NULL, else its struct_size must be set
 * @param error    may be NULL
 *
 * On failure *hits stays the caller's, emptied. SPATIO_INVALID_ARGUMENT if the fetch still wants
 * something (it can go on), failed, or has another kind of answer. One thread at a time for each
 * fetch. Since 0.1.
 */
spatio_status spatio_fetch_hits(struct spatio_fetch *fetch,
                                struct spatio_hits **hits,
                                struct spatio_hit_columns *columns,
                                struct spatio_error *error);

/**
 * How many items a question of spatio_stream_count, _count_region or _count_within counted.
 *
 * @param fetch  a question that wants nothing more
 * @param count  receives the number
 * @param error  may be NULL
 *
 * SPATIO_INVALID_ARGUMENT as of spatio_fetch_hits. One thread at a time for each fetch. Since 0.1.
 */
spatio_status spatio_fetch_count(struct spatio_fetch *fetch,
                                 uint64_t *count,
                                 struct spatio_error *error);

/**
 * What a question of spatio_stream_aggregate added up.
 *
 * @param fetch     a question that wants nothing more
 * @param count     receives how many items there are; may be NULL, like the next four
 * @param sum       receives the sum of their values; 0 of no items
 * @param least     receives the least value; NaN of no items
 * @param greatest  receives the greatest; NaN of no items
 * @param mask      receives all bits of their masks; 0 of no items, or if the index has no masks
 * @param error     may be NULL
 *
 * The sum is added up in the order of the ranks, however it was streamed. SPATIO_INVALID_ARGUMENT
 * as of spatio_fetch_hits. One thread at a time for each fetch. Since 0.1.
 */
spatio_status spatio_fetch_aggregate(struct spatio_fetch *fetch,
                                     uint64_t *count,
                                     double *sum,
                                     double *least,
                                     double *greatest,
                                     uint64_t *mask,
                                     struct spatio_error *error);

/* Packs: a namespace frozen into a file ------------------------------------------------------- */

/**
 * Gives the options of freezing their defaults.
 *
 * @param options  to be filled
 * @param size     sizeof(spatio_freeze_options) as the caller's header has it
 *
 * Since 0.1.
 */
void spatio_freeze_options_init(struct spatio_freeze_options *options, size_t size);

/**
 * Writes all live objects of a namespace, with ids, positions, times and payloads, into a file
 * that answers queries as the namespace does now, and never changes.
 *
 * ```c
 * spatio_pack *pack = NULL;
 * spatio_freeze(ns, "fleet.psindex", NULL, NULL, NULL, &error);
 * spatio_pack_open("fleet.psindex", &pack, &error);
 * spatio_pack_query(pack, &query, 1, NULL, &result, &found, &error);
 * ```
 *
 * @param ns       a namespace
 * @param path     UTF-8 with a NUL at its end; its folder must exist
 * @param options  how it is written; NULL for the defaults
 * @param objects  receives how many objects were written; may be NULL
 * @param bytes    receives the length of the file; may be NULL
 * @param error    may be NULL
 *
 * The file appears under its name whole and durable, or not at all, replacing what was there; a
 * pack that has the former one open keeps it. Writers go on meanwhile: each object is as one
 * update left it, and one that comes or goes during the call may be in it or not.
 * SPATIO_NOT_FOUND without the folder. Any thread. Since 0.1.
 */
spatio_status spatio_freeze(const struct spatio_namespace *ns,
                            const char *path,
                            const struct spatio_freeze_options *options,
                            uint64_t *objects,
                            uint64_t *bytes,
                            struct spatio_error *error);

/* Opening a pack ------------------------------------------------------------------------------ */

/**
 * Opens a file that spatio_freeze wrote. The file is mapped: opening costs the same for any number
 * of objects, and pages are read when a question needs them.
 *
 * @param path   UTF-8 with a NUL at its end
 * @param pack   receives it, to be freed by spatio_pack_free; NULL on failure
 * @param error  may be NULL
 *
 * The file must not be changed or cut in place while it is open; it may be removed or replaced by
 * another one. SPATIO_NOT_FOUND if there is none, SPATIO_CORRUPT if it is no pack or contradicts
 * itself, SPATIO_UNSUPPORTED if it holds fences; what is damaged further in is found by the
 * question that comes upon it, or by spatio_pack_verify. Any thread. Since 0.1.
 */
spatio_status spatio_pack_open(const char *path,
                               struct spatio_pack **pack,
                               struct spatio_error *error);

/**
 * Opens a pack from the bytes of its file, which are copied.
 *
 * @param bytes   the file
 * @param length  how many bytes it has
 * @param pack    receives it, to be freed by spatio_pack_free; NULL on failure
 * @param error   may be NULL
 *
 * Errors as of spatio_pack_open. Any thread. Since 0.1.
 */
spatio_status spatio_pack_open_bytes(const uint8_t *bytes,
                                     size_t length,
                                     struct spatio_pack **pack,
                                     struct spatio_error *error);

/**
 * What a pack is.
 *
 * @param pack   a pack
 * @param info   receives it; its struct_size must be set
 * @param error  may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_pack_get_info(const struct spatio_pack *pack,
                                   struct spatio_pack_info *info,
                                   struct spatio_error *error);

/**
 * Looks through all of a pack that says of itself whether it is right. It reads the whole file.
 *
 * @param pack   a pack
 * @param error  may be NULL
 *
 * SPATIO_CORRUPT if something is not what was written. Any thread. Since 0.1.
 */
spatio_status spatio_pack_verify(const struct spatio_pack *pack, struct spatio_error *error);

/**
 * Frees a pack; a file that it was opened from stays. NULL is fine. Since 0.1.
 *
 * @param pack  a pack
 */
void spatio_pack_free(struct spatio_pack *pack);

/* Where things are in a pack ------------------------------------------------------------------ */

/**
 * Asks any number of questions in one call, as spatio_query_run asks a namespace: the answer is
 * what the namespace's was when it was frozen, but for the handles, and for the order of rows that
 * have no promised one.
 *
 * @param pack     a pack
 * @param queries  n queries, each made by spatio_query_init; an origin that is an object is a
 *                 handle of this pack
 * @param n        how many
 * @param cancel   stops the call when it is fired; may be NULL
 * @param result   NULL in *result, or a result of an earlier call, which is filled anew
 * @param columns  receives views of *result; may be NULL, else its struct_size must be set
 * @param error    may be NULL; its row is the query that was refused
 *
 * On failure *result stays the caller's, emptied. SPATIO_NOT_FOUND if the object that a query is
 * laid around is not here, SPATIO_CORRUPT if damage was met. Any thread. Since 0.1.
 */
spatio_status spatio_pack_query(const struct spatio_pack *pack,
                                const struct spatio_query *queries,
                                size_t n,
                                struct spatio_cancel *cancel,
                                struct spatio_result **result,
                                struct spatio_columns *columns,
                                struct spatio_error *error);

/**
 * Asks one question into the caller's own columns, as spatio_query_into asks a namespace.
 *
 * @param pack      a pack
 * @param query     a query
 * @param capacity  rows that the columns have room for: no more are found, as with a limit
 * @param handles   receives the handles of the objects; may be NULL, like the next five
 * @param x         receives longitudes in degrees, or x
 * @param y         receives latitudes in degrees, or y
 * @param z         receives altitudes in metres, or z
 * @param time_us   receives event times
 * @param distance  receives distances; NaN if the query has no origin
 * @param rows      receives how many rows there are
 * @param error     may be NULL
 *
 * Errors as of spatio_pack_query. Any thread. Since 0.1.
 */
spatio_status spatio_pack_query_into(const struct spatio_pack *pack,
                                     const struct spatio_query *query,
                                     size_t capacity,
                                     uint64_t *handles,
                                     double *x,
                                     double *y,
                                     double *z,
                                     int64_t *time_us,
                                     double *distance,
                                     size_t *rows,
                                     struct spatio_error *error);

/**
 * An object of a pack.
 *
 * @param pack       a pack
 * @param id         UTF-8
 * @param id_length  its bytes
 * @param object     receives it; its struct_size must be set. Its payload is to be had by
 *                   spatio_pack_payload.
 * @param error      may be NULL
 *
 * SPATIO_NOT_FOUND if it is not here. Any thread. Since 0.1.
 */
spatio_status spatio_pack_get(const struct spatio_pack *pack,
                              const char *id,
                              size_t id_length,
                              struct spatio_object *object,
                              struct spatio_error *error);

/**
 * The id of a handle.
 *
 * @param pack       a pack
 * @param handle     a handle of it
 * @param id         receives a view of the id, without a NUL at its end, valid until the pack is
 *                   freed
 * @param id_length  receives its bytes
 * @param error      may be NULL
 *
 * SPATIO_NOT_FOUND if the pack has no such handle. Any thread. Since 0.1.
 */
spatio_status spatio_pack_id(const struct spatio_pack *pack,
                             uint64_t handle,
                             const char **id,
                             size_t *id_length,
                             struct spatio_error *error);

/**
 * The payload of an object, where it lies.
 *
 * @param pack     a pack
 * @param handle   a handle of it
 * @param payload  receives a view of it, valid until the pack is freed; NULL if the object has
 *                 none
 * @param length   receives how many bytes it has
 * @param error    may be NULL
 *
 * SPATIO_NOT_FOUND if the pack has no such handle. Any thread. Since 0.1.
 */
spatio_status spatio_pack_payload(const struct spatio_pack *pack,
                                  uint64_t handle,
                                  const uint8_t **payload,
                                  size_t *length,
                                  struct spatio_error *error);

/* Fences: polygons with ids that do not change ------------------------------------------------ */

/**
 * Builds fences in memory.
 *
 * ```c
 * const uint64_t ends[] = {0, 4, 11};
 * const spatio_polygon *polygons[] = {park, harbour};  // made by spatio_polygon_new
 * spatio_fences *fences = NULL;
 * spatio_fences_build(SPATIO_GEOGRAPHIC, 2, ends, "parkharbour", polygons, NULL, NULL, &fences,
 *                     &error);
 * ```
 *
 * @param space            what coordinates mean: SPATIO_GEOGRAPHIC or SPATIO_CARTESIAN
 * @param n                how many fences there are
 * @param id_offsets       n + 1 numbers: id i is the bytes id_offsets[i] up to, not including,
 *                         id_offsets[i + 1] of ids
 * @param ids              the ids behind each other, UTF-8, 1 to 255 bytes each; none twice
 * @param polygons         n polygons; the same one may be there several times. Edges are straight
 *                         in longitude and latitude; one that crosses the antimeridian is to be
 *                         cut there
 * @param payload_offsets  n + 1 numbers: the payload of fence i is the bytes payload_offsets[i] up
 *                         to, not including, payload_offsets[i + 1] of payloads, no bytes: none;
 *                         NULL: no fence has one
 * @param payloads         the payloads behind each other
 * @param fences           receives them, to be freed by spatio_fences_free; NULL on failure
 * @param error            may be NULL; its row is the fence that was refused
 *
 * Everything is copied, also the polygons. SPATIO_INVALID_ARGUMENT if an id is empty or there
 * twice, SPATIO_OUT_OF_RANGE if a polygon leaves the globe. Any thread. Since 0.1.
 */
spatio_status spatio_fences_build(uint32_t space,
                                  size_t n,
                                  const uint64_t *id_offsets,
                                  const char *ids,
                                  const struct spatio_polygon *const *polygons,
                                  const uint64_t *payload_offsets,
                                  const uint8_t *payloads,
                                  struct spatio_fences **fences,
                                  struct spatio_error *error);

/**
 * Builds fences into a file, which appears under its name as that of spatio_freeze does.
 *
 * @param path             UTF-8 with a NUL at its end; its folder must exist
 * @param space            as for spatio_fences_build, and so on
 * @param n                how many fences there are
 * @param id_offsets       where the ids begin and end
 * @param ids              the ids
 * @param polygons         n polygons
 * @param payload_offsets  where the payloads begin and end; may be NULL
 * @param payloads         the payloads
 * @param options          how it is written; NULL for the defaults
 * @param bytes            receives the length of the file; may be NULL
 * @param error            may be NULL; its row is the fence that was refused
 *
 * Errors as of spatio_fences_build; SPATIO_NOT_FOUND without the folder. Any thread. Since 0.1.
 */
spatio_status spatio_fences_write(const char *path,
                                  uint32_t space,
                                  size_t n,
                                  const uint64_t *id_offsets,
                                  const char *ids,
                                  const struct spatio_polygon *const *polygons,
                                  const uint64_t *payload_offsets,
                                  const uint8_t *payloads,
                                  const struct spatio_freeze_options *options,
                                  uint64_t *bytes,
                                  struct spatio_error *error);

/**
 * Opens a file that spatio_fences_write wrote. The file is mapped, as that of a pack.
 *
 * @param path    UTF-8 with a NUL at its end
 * @param fences  receives them, to be freed by spatio_fences_free; NULL on failure
 * @param error   may be NULL
 *
 * SPATIO_NOT_FOUND if there is no such file, SPATIO_CORRUPT if it holds no fences or contradicts
 * itself, SPATIO_UNSUPPORTED if it is a pack; what is damaged further in is found by the question
 * that comes upon it, or by spatio_fences_verify. Any thread. Since 0.1.
 */
spatio_status spatio_fences_open(const char *path,
                                 struct spatio_fences **fences,
                                 struct spatio_error *error);

/**
 * Opens fences from the bytes of their file, which are copied.
 *
 * @param bytes   the file
 * @param length  how many bytes it has
 * @param fences  receives them, to be freed by spatio_fences_free; NULL on failure
 * @param error   may be NULL
 *
 * Errors as of spatio_fences_open. Any thread. Since 0.1.
 */
spatio_status spatio_fences_open_bytes(const uint8_t *bytes,
                                       size_t length,
                                       struct spatio_fences **fences,
                                       struct spatio_error *error);

/**
 * What fences are.
 *
 * @param fences  fences
 * @param info    receives it; its struct_size must be set
 * @param error   may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_fences_get_info(const struct spatio_fences *fences,
                                     struct spatio_fences_info *info,
                                     struct spatio_error *error);

/**
 * Looks through all of fences that says of itself whether it is right, and at every ring.
 *
 * @param fences  fences
 * @param error   may be NULL
 *
 * SPATIO_CORRUPT if something is not what was written. Any thread. Since 0.1.
 */
spatio_status spatio_fences_verify(const struct spatio_fences *fences, struct spatio_error *error);

/**
 * Frees fences; a file that they were opened from stays. NULL is fine. Since 0.1.
 *
 * @param fences  fences
 */
void spatio_fences_free(struct spatio_fences *fences);

/* Which fences contain what ------------------------------------------------------------------- */

/**
 * The fences that contain points, borders included, in the order of their ids.
 *
 * ```c
 * spatio_fences_containing(fences, n, x, y, 0, &result, &found, &error);
 * for (i = 0; i < n; i++)
 *     for (row = found.offsets[i]; row < found.offsets[i + 1]; row++)
 *         enter(vehicles[i], found.handles[row]);
 * ```
 *
 * @param fences   fences
 * @param n        how many points
 * @param x        n longitudes in degrees, or x
 * @param y        n latitudes in degrees, or y
 * @param flags    SPATIO_QUERY_WITH_IDS and SPATIO_QUERY_WITH_PAYLOADS, added up, or 0
 * @param result   NULL in *result, or a result of an earlier call, which is filled anew
 * @param columns  receives views of *result: handles, and ids and payloads if they were asked for;
 *                 the rows of point i are offsets[i] up to, not including, offsets[i + 1]. May be
 *                 NULL, else its struct_size must be set
 * @param error    may be NULL; its row is the point that was refused
 *
 * On failure *result stays the caller's, emptied. SPATIO_CORRUPT if damage was met. Any thread.
 * Since 0.1.
 */
spatio_status spatio_fences_containing(const struct spatio_fences *fences,
                                       size_t n,
                                       const double *x,
                                       const double *y,
                                       uint32_t flags,
                                       struct spatio_result **result,
                                       struct spatio_columns *columns,
                                       struct spatio_error *error);

/**
 * The fences that share a point with boxes, in the order of their ids.
 *
 * @param fences   fences
 * @param n        how many boxes
 * @param min_x    n numbers: west, or least x; above max_x a box crosses the antimeridian
 * @param min_y    n numbers: south, or least y
 * @param max_x    n numbers: east, or greatest x
 * @param max_y    n numbers: north, or greatest y
 * @param flags    SPATIO_QUERY_WITH_IDS and SPATIO_QUERY_WITH_PAYLOADS, added up, or 0
 * @param result   NULL in *result, or a result of an earlier call, which is filled anew
 * @param columns  receives views of *result, as of spatio_fences_containing; may be NULL
 * @param error    may be NULL; its row is the box that was refused
 *
 * On failure *result stays the caller's, emptied. SPATIO_CORRUPT if damage was met. Any thread.
 * Since 0.1.
 */
spatio_status spatio_fences_intersecting(const struct spatio_fences *fences,
                                         size_t n,
                                         const double *min_x,
                                         const double *min_y,
                                         const double *max_x,
                                         const double *max_y,
                                         uint32_t flags,
                                         struct spatio_result **result,
                                         struct spatio_columns *columns,
                                         struct spatio_error *error);

/**
 * The fence with an id.
 *
 * @param fences     fences
 * @param id         UTF-8
 * @param id_length  its bytes
 * @param fence      receives it; its struct_size must be set
 * @param error      may be NULL
 *
 * SPATIO_NOT_FOUND if there is none. Any thread. Since 0.1.
 */
spatio_status spatio_fences_get(const struct spatio_fences *fences,
                                const char *id,
                                size_t id_length,
                                struct spatio_fence *fence,
                                struct spatio_error *error);

/**
 * The same by handle.
 *
 * @param fences  fences
 * @param handle  a handle of them
 * @param fence   receives it; its struct_size must be set
 * @param error   may be NULL
 *
 * SPATIO_NOT_FOUND if they have no such handle. Any thread. Since 0.1.
 */
spatio_status spatio_fences_get_by_handle(const struct spatio_fences *fences,
                                          uint64_t handle,
                                          struct spatio_fence *fence,
                                          struct spatio_error *error);

/* Stopping a call ----------------------------------------------------------------------------- */

/** Makes a cancel, to be freed by spatio_cancel_free. Any thread. Since 0.1. */
struct spatio_cancel *spatio_cancel_new(void);

/**
 * Stops the calls that run with it, soon, and those that are begun with it, at once: they return
 * SPATIO_CANCELLED. NULL is fine. Any thread. Since 0.1.
 *
 * @param cancel  a cancel
 */
void spatio_cancel_fire(struct spatio_cancel *cancel);

/**
 * Makes a fired cancel fit for use again. NULL is fine. Any thread, when no call uses it. Since
 * 0.1.
 *
 * @param cancel  a cancel
 */
void spatio_cancel_reset(struct spatio_cancel *cancel);

/**
 * Frees a cancel. NULL is fine. Since 0.1.
 *
 * @param cancel  a cancel
 */
void spatio_cancel_free(struct spatio_cancel *cancel);

/* Exchange by Arrow --------------------------------------------------------------------------- */

/**
 * Shows the content of a result as an Arrow struct array (Arrow C data interface, version 1),
 * without copying it. The array shares the result's memory and keeps it, whatever happens to the
 * result, which takes other memory when it is filled anew. The same result may be exported any
 * number of times.
 *
 * Columns: handle (uint64), x, y, z (float64), time (timestamp in microseconds, UTC), distance
 * (float64) where a query has an origin, id (large_utf8) and payload (large_binary) where they
 * were asked for. The rows of several queries follow each other.
 *
 * @param result  a result; it stays as it is, and is to be freed as ever
 * @param schema  receives the type; the caller, or who it is handed to, releases it
 * @param array   receives the array; the caller, or who it is handed to, releases it
 * @param error   may be NULL
 *
 * Any thread. Since 0.1.
 */
spatio_status spatio_result_export_arrow(const struct spatio_result *result,
                                         struct ArrowSchema *schema,
                                         struct ArrowArray *array,
                                         struct spatio_error *error);

/**
 * Writes the rows of an Arrow struct array (Arrow C data interface, version 1): column id (utf8,
 * large_utf8) or handle (uint64); x or lon, y or lat (float64, float32); and, if they are there,
 * z or alt, time (timestamp, or int64 in microseconds), payload (binary, large_binary; by id
 * only; a row without one, or with no bytes, keeps what its object has). Other columns are not
 * looked at. The rows are checked before the first is written.
 *
 * @param ns       a namespace
 * @param schema   the type of the array
 * @param array    the array; like the schema it stays the caller's, who releases it
 * @param applied  receives how many rows set the present state; may be NULL
 * @param late     receives how many were older than what is known; may be NULL
 * @param error    may be NULL; its row is the one that was refused
 *
 * SPATIO_UNSUPPORTED for a column of another type. Any thread. Since 0.1.
 */
spatio_status spatio_upsert_arrow(const struct spatio_namespace *ns,
                                  const struct ArrowSchema *schema,
                                  const struct ArrowArray *array,
                                  uint64_t *applied,
                                  uint64_t *late,
                                  struct spatio_error *error);

#ifdef __cplusplus
}
#endif

#endif  /* SPATIO_H */
