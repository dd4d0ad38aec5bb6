/* Fences: which of them contain a point, held against counting edges; files and bytes. */
#include "support/oracle.h"
#include "support/platform.h"
#include "topics.h"

enum { FENCES = 40, CORNERS = 9, POINTS = 300 };

/* Stars around random places: rings that do not cross themselves. */
typedef struct stars {
    double xy[FENCES][2 * CORNERS];
    spatio_polygon *polygons[FENCES];
    id_list ids;
    uint64_t payload_offsets[FENCES + 1];
    uint8_t payloads[FENCES * 4];
} stars;

static const uint64_t RING[] = {0, CORNERS};

static void draw(stars *stars, uint64_t seed)
{
    prng prng = {seed};
    size_t at, corner;
    stars->ids = ids_make("fence:", 10, FENCES);
    stars->payload_offsets[0] = 0;
    for (at = 0; at < FENCES; at++) {
        const double x = prng_between(&prng, -8, 8), y = prng_between(&prng, -8, 8);
        uint64_t end = stars->payload_offsets[at], size = at % 4;
        for (corner = 0; corner < CORNERS; corner++) {
            const double turn = 6.28318530717958647 * (double)corner / CORNERS;
            const double reach = prng_between(&prng, 0.5, 4.0);
            stars->xy[at][2 * corner] = x + reach * cos(turn);
            stars->xy[at][2 * corner + 1] = y + reach * sin(turn);
        }
        while (size-- > 0) stars->payloads[end++] = (uint8_t)at;
        stars->payload_offsets[at + 1] = end;
        stars->polygons[at] = NULL;
        MUST(spatio_polygon_new(1, RING, stars->xy[at], 0, NULL, &stars->polygons[at], ERR));
    }
}

static void forget(stars *stars)
{
    size_t at;
    for (at = 0; at < FENCES; at++) spatio_polygon_free(stars->polygons[at]);
    ids_free(&stars->ids);
}

static const spatio_polygon *const *polygons_of(const stars *stars)
{
    return (const spatio_polygon *const *)stars->polygons;
}

static spatio_fences *build(const stars *stars)
{
    spatio_fences *fences = NULL;
    OK(spatio_fences_build(SPATIO_CARTESIAN, FENCES, stars->ids.offsets, stars->ids.bytes,
                           polygons_of(stars), stars->payload_offsets, stars->payloads, &fences,
                           ERR));
    return fences;
}

static spatio_columns some_columns(void)
{
    spatio_columns columns;
    memset(&columns, 0, sizeof columns);
    columns.struct_size = (uint32_t)sizeof columns;
    return columns;
}

/* Row `row` of an answer is fence `at`: by its handle, its id and its payload. */
static void same_fence(const spatio_fences *fences, const stars *stars, size_t at,
                       const spatio_columns *found, uint64_t row)
{
    const uint64_t id = stars->ids.offsets[at], id_length = stars->ids.offsets[at + 1] - id;
    const uint64_t bytes = stars->payload_offsets[at];
    const uint64_t length = stars->payload_offsets[at + 1] - bytes;
    const uint64_t start = found->id_offsets[row], here = found->payload_offsets[row];
    spatio_fence fence;
    fence.struct_size = (uint32_t)sizeof fence;
    REQUIRE(found->id_offsets[row + 1] - start == id_length);
    CHECK(memcmp(found->ids + start, stars->ids.bytes + id, (size_t)id_length) == 0);
    REQUIRE(found->payload_offsets[row + 1] - here == length);
    CHECK(length == 0 ||
          memcmp(found->payloads + here, stars->payloads + bytes, (size_t)length) == 0);
    MUST(spatio_fences_get_by_handle(fences, found->handles[row], &fence, ERR));
    CHECK(fence.handle == found->handles[row] && fence.id_length == id_length);
    CHECK(memcmp(fence.id, stars->ids.bytes + id, (size_t)id_length) == 0);
    CHECK(fence.payload_length == length && (fence.payload == NULL) == (length == 0));
    MUST(spatio_fences_get(fences, stars->ids.bytes + id, (size_t)id_length, &fence, ERR));
    EQ_U64(fence.handle, found->handles[row]);
}

static void compare_points(const spatio_fences *fences, const stars *stars, uint64_t seed)
{
    prng prng = {seed};
    static double x[POINTS], y[POINTS];
    spatio_result *result = NULL;
    spatio_columns found = some_columns();
    size_t point, at;
    for (point = 0; point < POINTS; point++) {
        x[point] = prng_between(&prng, -10, 10);
        y[point] = prng_between(&prng, -10, 10);
    }
    MUST(spatio_fences_containing(fences, POINTS, x, y,
                                  SPATIO_QUERY_WITH_IDS | SPATIO_QUERY_WITH_PAYLOADS, &result,
                                  &found, ERR));
    EQ_U64(found.queries, POINTS);
    for (point = 0; point < POINTS; point++) {
        uint64_t row = found.offsets[point];
        /* Ids of one length are in the order in which they were drawn. */
        for (at = 0; at < FENCES; at++) {
            const rings rings = {1, RING, stars->xy[at], 1, NULL};
            if (!oracle_in_rings(&rings, x[point], y[point])) continue;
            REQUIRE(row < found.offsets[point + 1]);
            same_fence(fences, stars, at, &found, row++);
        }
        EQ_U64(row, found.offsets[point + 1]);
    }
    CHECK(found.rows > POINTS && found.x == NULL && found.distance == NULL);
    spatio_result_free(result);
}

/* A box without extent is a point, and a large one meets what any of its points is in. */
static void compare_boxes(const spatio_fences *fences)
{
    static const double X[] = {0.3, -20, 30}, Y[] = {0.7, -20, 30};
    static const double TO_X[] = {0.3, 20, 31}, TO_Y[] = {0.7, 20, 31};
    spatio_result *result = NULL, *points = NULL;
    spatio_columns found = some_columns(), inside = some_columns();
    uint64_t row;
    MUST(spatio_fences_intersecting(fences, 3, X, Y, TO_X, TO_Y, 0, &result, &found, ERR));
    MUST(spatio_fences_containing(fences, 1, X, Y, 0, &points, &inside, ERR));
    EQ_U64(found.offsets[1], inside.rows);
    for (row = 0; row < inside.rows; row++) EQ_U64(found.handles[row], inside.handles[row]);
    EQ_U64(found.offsets[2] - found.offsets[1], FENCES);
    EQ_U64(found.offsets[3], found.offsets[2]);
    CHECK(found.ids == NULL && found.id_offsets == NULL && found.payloads == NULL);
    spatio_result_free(result);
    spatio_result_free(points);
}

static void answers_are_those_of_counting_edges(void)
{
    static stars stars;
    spatio_fences *fences;
    uint64_t seed;
    for (seed = 1; seed < 4; seed++) {
        draw(&stars, seed);
        fences = build(&stars);
        compare_points(fences, &stars, seed + 10);
        compare_boxes(fences);
        OK(spatio_fences_verify(fences, ERR));
        spatio_fences_free(fences);
        forget(&stars);
    }
}

static void files_and_bytes_are_the_same_fences(void)
{
    static stars stars;
    char folder[PATH_BYTES], path[PATH_BYTES];
    uint32_t layout;
    platform_make_folder(folder);
    platform_join(path, folder, "stars.psindex");
    draw(&stars, 7);
    for (layout = SPATIO_INDEX_FAST; layout <= SPATIO_INDEX_BOTH; layout++) {
        spatio_fences *file = NULL, *copy = NULL;
        spatio_fences_info info;
        spatio_freeze_options options;
        uint64_t written = 0;
        size_t length = 0;
        uint8_t *bytes;
        info.struct_size = (uint32_t)sizeof info;
        spatio_freeze_options_init(&options, sizeof options);
        options.layout = layout;
        OK(spatio_fences_write(path, SPATIO_CARTESIAN, FENCES, stars.ids.offsets, stars.ids.bytes,
                               polygons_of(&stars), stars.payload_offsets, stars.payloads,
                               &options, &written, ERR));
        MUST(spatio_fences_open(path, &file, ERR));
        MUST(spatio_fences_get_info(file, &info, ERR));
        CHECK(info.fences == FENCES && info.bytes == written && info.space == SPATIO_CARTESIAN);
        bytes = platform_read(path, &length);
        EQ_U64(length, written);
        MUST(spatio_fences_open_bytes(bytes, length, &copy, ERR));
        free(bytes);
        compare_points(file, &stars, 5);
        spatio_fences_free(file);
        compare_points(copy, &stars, 6);
        OK(spatio_fences_verify(copy, ERR));
        spatio_fences_free(copy);
    }
    forget(&stars);
    platform_remove_folder(folder);
}

static void polygons_and_columns_are_copied(void)
{
    static stars stars, again;
    spatio_fences *fences;
    draw(&stars, 9);
    draw(&again, 9);
    fences = build(&stars);
    forget(&stars);
    memset(&stars, 0xa5, sizeof stars);
    compare_points(fences, &again, 1);
    spatio_fences_free(fences);
    forget(&again);
}

static void none_and_without_payloads(void)
{
    static stars stars;
    static const double AT[] = {0};
    spatio_fences *fences = NULL;
    spatio_result *result = NULL;
    spatio_columns found = some_columns();
    MUST(spatio_fences_build(SPATIO_GEOGRAPHIC, 0, NULL, NULL, NULL, NULL, NULL, &fences, ERR));
    OK(spatio_fences_containing(fences, 1, AT, AT, SPATIO_QUERY_WITH_IDS, &result, &found, ERR));
    CHECK(found.rows == 0 && found.queries == 1 && found.id_offsets[0] == 0);
    OK(spatio_fences_containing(fences, 0, NULL, NULL, 0, &result, &found, ERR));
    CHECK(found.rows == 0 && found.queries == 0 && found.offsets[0] == 0);
    OK(spatio_fences_intersecting(fences, 0, NULL, NULL, NULL, NULL, 0, &result, &found, ERR));
    OK(spatio_fences_verify(fences, ERR));
    spatio_fences_free(fences);
    fences = NULL;
    draw(&stars, 2);
    MUST(spatio_fences_build(SPATIO_CARTESIAN, FENCES, stars.ids.offsets, stars.ids.bytes,
                             polygons_of(&stars), NULL, NULL, &fences, ERR));
    memset(stars.payload_offsets, 0, sizeof stars.payload_offsets);
    compare_points(fences, &stars, 4);
    spatio_fences_free(fences);
    forget(&stars);
    spatio_result_free(result);
}

void topic_fences(void)
{
    RUN(answers_are_those_of_counting_edges);
    RUN(files_and_bytes_are_the_same_fences);
    RUN(polygons_and_columns_are_copied);
    RUN(none_and_without_payloads);
}
