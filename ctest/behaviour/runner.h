/* The runner of the behaviour cases over include/spatio.h, and what its parts share.
 *
 * A step is played into an answer, which is JSON in the words of the cases, and the answer is
 * compared with what is expected. A step that cannot be understood ends the program: that is a
 * mistake of the case, not of the library. */
#ifndef SPATIO_BEHAVIOUR_RUNNER_H
#define SPATIO_BEHAVIOUR_RUNNER_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "spatio.h"

/* Notes that a function was called; CALL(spatio_flush)(db, &error). */
void reach(const char *function);
#define CALL(function) (reach(#function), function)

#define MOST_DATABASES 4
#define MOST_NAMESPACES 16
#define MOST_BOUND 16
#define MOST_INDEXES 8
#define MOST_PACKS 4

typedef struct open_namespace {
    char name[300];
    spatio_namespace *ns;
} open_namespace;

typedef struct open_database {
    char name[32];
    spatio_db *db; /* NULL once it is closed */
    open_namespace spaces[MOST_NAMESPACES];
    size_t count;
} open_database;

typedef struct bound_handle {
    char name[32];
    uint64_t handle;
} bound_handle;

typedef struct open_index {
    char name[32];
    spatio_index *index; /* NULL once it is closed */
} open_index;

typedef struct streamed streamed; /* streams.c */

typedef struct open_stream {
    char name[32];
    streamed *streamed; /* NULL once it is closed */
} open_stream;

typedef struct open_pack {
    char name[32];
    spatio_pack *pack; /* NULL once it is closed */
} open_pack;

typedef struct open_fences {
    char name[32];
    spatio_fences *fences; /* NULL once they are closed */
} open_fences;

/* What a case plays on. */
typedef struct stage {
    char folder[512];
    int64_t clock_us;
    open_database databases[MOST_DATABASES];
    size_t database_count;
    bound_handle bound[MOST_BOUND];
    size_t bound_count;
    spatio_result *result; /* filled anew by every call of the case */
    spatio_columns columns;
    open_index indexes[MOST_INDEXES];
    size_t index_count;
    spatio_hits *hits; /* filled anew by every question to an index */
    open_stream streams[MOST_INDEXES];
    size_t stream_count;
    open_pack packs[MOST_PACKS];
    size_t pack_count;
    open_fences fences[MOST_PACKS];
    size_t fences_count;
    spatio_error error;
    const cJSON *expect; /* of the step that is played, or NULL */
} stage;

/* A room plays a step that is its own, and says so. */
typedef bool room(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                  spatio_status *status);
room play_whole, play_files, play_objects, play_batches, play_handles, play_queries, play_shapes,
    play_past, play_arrow, play_indexes, play_streams, play_packs, play_fences;

/* stage.c */
void stage_begin(stage *stage, const cJSON *test);
void stage_end(stage *stage);
bool stage_step(stage *stage, const cJSON *step, char *told, size_t room);
spatio_status open_one(stage *stage, const cJSON *args);
spatio_status close_one(stage *stage, const cJSON *args);
spatio_db *database_of(stage *stage, const cJSON *args);
/* The namespace of a step, or NULL with the status of the failure. */
spatio_namespace *namespace_of(stage *stage, const cJSON *args, spatio_status *status);
uint64_t handle_of(stage *stage, const cJSON *args, const cJSON *value);
const uint64_t *bound_of(const stage *stage, const char *name);
void path_of(const stage *stage, const char *name, char *path, size_t room);

/* streams.c; NULL is fine. */
void close_stream(streamed *given);

/* Turns NOT_FOUND into the answer "found": false where the case expects that. */
spatio_status absent(stage *stage, spatio_status status, cJSON *answer);

/* compare.c: what differs goes to `told`. */
bool compare(const stage *stage, const cJSON *wanted, const cJSON *found, char *told, size_t room);

/* json.c: reading arguments */
typedef struct list { /* a column of a case, to be freed by list_free */
    size_t n;
    double *numbers;
    int64_t *wholes;
    uint64_t *handles;
} list;

/* Texts behind each other, as batches of ids want them. */
typedef struct texts {
    size_t n;
    uint64_t *offsets;
    char *bytes;
} texts;

void wrong_case(const char *what, const cJSON *value);
const cJSON *need(const cJSON *args, const char *name);
const char *word(const cJSON *args, const char *name);
double number(const cJSON *value);
bool is_whole(const cJSON *value, int64_t *whole);
int64_t whole(const cJSON *value);
int64_t whole_or(const cJSON *args, const char *name, int64_t otherwise);
uint32_t limit_of(const cJSON *args);
void place(const cJSON *value, double xyz[3]);
list numbers(const cJSON *args, const char *name);
list wholes(const cJSON *args, const char *name);
list handles_of(stage *stage, const cJSON *args, const char *name);
void list_free(list *list);
texts texts_of(const cJSON *values);
void texts_free(texts *texts);
/* The number of a word among `words`, from `first` on; "#7" is 7. */
uint32_t choice(const cJSON *args, const char *name, const char *const *words, uint32_t first);
uint32_t space_of(const cJSON *args);
uint32_t metric_of(const cJSON *args);

/* json.c: writing answers */
cJSON *json_number(double value);
cJSON *json_whole(int64_t value);
cJSON *json_count(uint64_t value);
cJSON *json_text(const char *bytes, size_t length);
cJSON *json_place(double x, double y, double z);
/* The rows from `from` to `to` of the columns. */
cJSON *json_rows(const spatio_columns *columns, uint64_t from, uint64_t to, bool is_measured);

#endif
