/* The logging callback: what is worth telling is told, with its level and length. */
#include "support/fixture.h"
#include "support/platform.h"
#include "topics.h"

#include <pthread.h>

typedef struct listener {
    pthread_mutex_t lock;
    unsigned messages;
    unsigned malformed;
    int32_t worst;
    char last[512];
} listener;

/* Messages may come from any thread. */
static void hear(void *user, int32_t level, const char *message, size_t length)
{
    listener *heard = (listener *)user;
    pthread_mutex_lock(&heard->lock);
    heard->messages++;
    if (level < SPATIO_LEVEL_ERROR || level > SPATIO_LEVEL_INFO || !message || length == 0) {
        heard->malformed++;
    } else {
        if (heard->worst == 0 || level < heard->worst) heard->worst = level;
        snprintf(heard->last, sizeof heard->last, "%.*s", (int)length, message);
    }
    pthread_mutex_unlock(&heard->lock);
}

static void open_and_close(const char *folder, listener *heard)
{
    spatio_options options;
    spatio_db *db = NULL;
    spatio_namespace *ns;
    spatio_options_init(&options, sizeof options);
    options.log = hear;
    options.log_user = heard;
    if (!OK(spatio_open(folder, &options, &db, ERR))) return;
    ns = make_namespace(db, "things", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0);
    put(ns, "a", 1.0, 2.0, 0.0, INT64_MIN);
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));
}

static void a_loss_is_told(void)
{
    char folder[PATH_BYTES], path[PATH_BYTES];
    static const uint8_t TAIL[40] = {1, 2, 3, 4, 5};
    listener heard;
    uint8_t *bytes, *longer;
    size_t length = 0;
    memset(&heard, 0, sizeof heard);
    pthread_mutex_init(&heard.lock, NULL);
    platform_make_folder(folder);
    open_and_close(folder, &heard);
    CHECK(heard.worst == 0 || heard.worst == SPATIO_LEVEL_INFO);
    /* A tail that is no frame: what a power cut may leave. */
    REQUIRE(platform_find(path, folder, ".log"));
    bytes = platform_read(path, &length);
    longer = (uint8_t *)malloc(length + sizeof TAIL);
    REQUIRE(bytes != NULL && longer != NULL);
    memcpy(longer, bytes, length);
    memcpy(longer + length, TAIL, sizeof TAIL);
    CHECK(platform_write(path, longer, length + sizeof TAIL));
    open_and_close(folder, &heard);
    CHECK(heard.messages > 0);
    EQ_U64(heard.malformed, 0);
    EQ_I64(heard.worst, SPATIO_LEVEL_WARNING);
    free(bytes);
    free(longer);
    pthread_mutex_destroy(&heard.lock);
    platform_remove_folder(folder);
}

void topic_logging(void)
{
    RUN(a_loss_is_told);
}
