/* Runs the behaviour cases over the C interface.
 *
 *     behaviour FILE.json...
 *
 * Prints the cases that fail, the functions that were reached and how many cases passed; ends with
 * 0 if all did and no handle of the library is left. */
#include "runner.h"

#define MOST_FUNCTIONS 256

static const char *functions[MOST_FUNCTIONS];
static unsigned long calls[MOST_FUNCTIONS];
static size_t function_count;

void reach(const char *function)
{
    size_t at = 0;
    while (at < function_count && strcmp(functions[at], function) != 0)
        at++;
    if (at == MOST_FUNCTIONS)
        abort();
    if (at == function_count)
        functions[function_count++] = function;
    calls[at]++;
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    long length;
    char *text;
    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    rewind(file);
    text = calloc((size_t)length + 1, 1);
    if (text == NULL || fread(text, 1, (size_t)length, file) != (size_t)length) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    fclose(file);
    return text;
}

/* Whether all steps of a case come out as expected; it ends at the first that does not. */
static bool play(const cJSON *test)
{
    static char told[8192];
    stage stage;
    const cJSON *step;
    int number = 0;
    bool is_right = true;
    stage_begin(&stage, test);
    cJSON_ArrayForEach(step, need(test, "steps"))
    {
        is_right = stage_step(&stage, step, told, sizeof told);
        if (!is_right) {
            printf("FAILED %s: step %d, %s: %s\n", word(test, "name"), number, word(step, "op"),
                   told);
            break;
        }
        number++;
    }
    stage_end(&stage);
    return is_right;
}

int main(int count, char **paths)
{
    unsigned passed = 0, failed = 0;
    for (int at = 1; at < count; at++) {
        char *text = read_all(paths[at]);
        cJSON *topic = cJSON_Parse(text);
        const cJSON *test;
        if (topic == NULL)
            wrong_case(paths[at], NULL);
        cJSON_ArrayForEach(test, need(topic, "cases"))
        {
            if (play(test))
                passed++;
            else
                failed++;
        }
        cJSON_Delete(topic);
        free(text);
    }
    uint64_t left = CALL(spatio_live_handles)();
    for (size_t at = 0; at < function_count; at++)
        printf("reached %s %lu\n", functions[at], calls[at]);
    if (left != 0)
        printf("FAILED: %llu handles were not freed\n", (unsigned long long)left);
    printf("behaviour: %u cases passed, %u failed\n", passed, failed);
    return failed == 0 && left == 0 && passed > 0 ? 0 : 1;
}
