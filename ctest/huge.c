/* Huge batches: a million rows in one call, by id, by handle, and out again. */
#include "support/fixture.h"
#include "topics.h"

static double *column(size_t rows)
{
    double *values = (double *)malloc(rows * sizeof *values);
    if (!values) abort();
    return values;
}

static void a_million_rows_in_one_call(void)
{
    const size_t rows = huge_rows();
    fixture f = fixture_open(SPATIO_CARTESIAN);
    id_list ids = ids_make("object:", 0, rows);
    uint64_t *handles = (uint64_t *)malloc(rows * sizeof *handles);
    double *x = column(rows), *y = column(rows), *back = column(rows);
    uint64_t applied = 0, late = 9, objects = 0, deleted = 0;
    spatio_result *result = NULL;
    spatio_columns columns;
    size_t row, wrong = 0;
    REQUIRE(handles != NULL);
    for (row = 0; row < rows; row++) {
        x[row] = (double)row;
        y[row] = -(double)row;
    }
    OK(spatio_upsert_batch(f.ns, rows, ids.offsets, ids.bytes, x, y, NULL, NULL, NULL, NULL, NULL,
                           handles, &applied, &late, ERR));
    EQ_U64(applied, rows);
    EQ_U64(late, 0);
    for (row = 0; row < rows; row++) x[row] += 0.5;
    OK(spatio_move_batch(f.ns, rows, handles, x, y, NULL, NULL, &applied, &late, ERR));
    EQ_U64(applied, rows);
    OK(spatio_get_batch(f.ns, rows, handles, back, NULL, NULL, NULL, NULL, ERR));
    for (row = 0; row < rows; row++) wrong += back[row] != x[row];
    EQ_U64(wrong, 0);
    columns.struct_size = (uint32_t)sizeof columns;
    MUST(spatio_query_box(f.ns, 0.0, -1e9, 1e9, 1e9, SPATIO_NO_LIMIT, &result, &columns, ERR));
    EQ_U64(columns.rows, rows);
    MUST(spatio_ids(f.ns, rows, handles, &result, &columns, ERR));
    CHECK(memcmp(columns.id_offsets, ids.offsets, (rows + 1) * sizeof(uint64_t)) == 0);
    CHECK(memcmp(columns.ids, ids.bytes, (size_t)ids.offsets[rows]) == 0);
    OK(spatio_delete_batch(f.ns, rows, handles, &deleted, ERR));
    EQ_U64(deleted, rows);
    OK(spatio_count(f.ns, &objects, ERR));
    EQ_U64(objects, 0);
    spatio_result_free(result);
    ids_free(&ids);
    free(handles);
    free(x);
    free(y);
    free(back);
    fixture_close(&f);
}

static void a_bad_last_row_undoes_all_of_them(void)
{
    const size_t rows = huge_rows();
    fixture f = fixture_open(SPATIO_CARTESIAN);
    id_list ids = ids_make("object:", 0, rows);
    double *x = column(rows);
    uint64_t objects = 9;
    size_t row;
    for (row = 0; row < rows; row++) x[row] = 1.0;
    x[rows - 1] = NAN;
    FAILS(SPATIO_OUT_OF_RANGE, spatio_upsert_batch(f.ns, rows, ids.offsets, ids.bytes, x, x, NULL,
                                                   NULL, NULL, NULL, NULL, NULL, NULL, NULL, ERR));
    ROW(rows - 1);
    OK(spatio_count(f.ns, &objects, ERR));
    EQ_U64(objects, 0);
    ids_free(&ids);
    free(x);
    fixture_close(&f);
}

static void a_long_track_in_one_call(void)
{
    const size_t rows = huge_rows();
    fixture f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0, NULL);
    int64_t *times = (int64_t *)malloc(rows * sizeof *times);
    double *x = column(rows);
    uint64_t inserted = 0, handle = 0;
    spatio_result *result = NULL;
    spatio_columns columns;
    size_t row;
    REQUIRE(times != NULL);
    for (row = 0; row < rows; row++) {
        times[row] = (int64_t)row;
        x[row] = (double)row;
    }
    OK(spatio_insert_trajectory(f.ns, "a", 1, rows, times, x, x, NULL, &inserted, ERR));
    EQ_U64(inserted, rows);
    OK(spatio_find_handle(f.ns, "a", 1, &handle, ERR));
    columns.struct_size = (uint32_t)sizeof columns;
    MUST(spatio_trajectory(f.ns, 1, &handle, INT64_MIN, INT64_MAX, SPATIO_OLDEST_FIRST,
                           SPATIO_NO_LIMIT, NULL, &result, &columns, ERR));
    EQ_U64(columns.rows, rows);
    CHECK(columns.rows == rows && memcmp(columns.x, x, rows * sizeof *x) == 0);
    spatio_result_free(result);
    free(times);
    free(x);
    fixture_close(&f);
}

void topic_huge(void)
{
    RUN(a_million_rows_in_one_call);
    RUN(a_bad_last_row_undoes_all_of_them);
    RUN(a_long_track_in_one_call);
}
