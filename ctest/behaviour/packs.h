/* Packs: what asking them shares with asking namespaces, and with fences. */
#ifndef SPATIO_BEHAVIOUR_PACKS_H
#define SPATIO_BEHAVIOUR_PACKS_H

#include "runner.h"

/* Who is asked: a pack, or else a namespace. */
typedef struct asked {
    spatio_namespace *ns;
    const spatio_pack *pack;
} asked;

/* queries.c */
spatio_status query_one(stage *stage, asked asked, const cJSON *args, cJSON *answer);
spatio_status query_run(stage *stage, asked asked, const cJSON *args, cJSON *answer);

/* The handle that a case means: #number, or the id of an object of the pack. */
uint64_t pack_handle_of(stage *stage, const spatio_pack *pack, const cJSON *value);

/* How a step wants a file to be written. */
spatio_freeze_options freeze_options_of(const cJSON *args);
/* The bytes of a file of the case, to be freed. */
uint8_t *bytes_of(stage *stage, const cJSON *args, size_t *length);
const char *word_or(const cJSON *args, const char *key, const char *otherwise);
cJSON *json_payload(const uint8_t *payload, size_t length);
const char *space_word(uint32_t space);

#endif
