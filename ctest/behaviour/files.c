/* Files of a case: written, damaged, removed, and looked through without opening them. */
#define _XOPEN_SOURCE 700
#include "runner.h"

#include <dirent.h>

/* The file that a step is about: by its name, or the last one in a folder with an ending. */
static void file_of(stage *stage, const cJSON *args, char *path, size_t room)
{
    char folder[1024], last[256] = "";
    path_of(stage, word(args, "file"), path, room);
    if (!cJSON_HasObjectItem(args, "ending"))
        return;
    const char *ending = word(args, "ending");
    snprintf(folder, sizeof folder, "%s", path);
    DIR *entries = opendir(folder);
    if (entries == NULL)
        wrong_case("no such folder", args);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        size_t length = strlen(entry->d_name), end = strlen(ending);
        if (length > end && strcmp(entry->d_name + length - end, ending) == 0 &&
            strcmp(entry->d_name, last) > 0)
            snprintf(last, sizeof last, "%s", entry->d_name);
    }
    closedir(entries);
    if (last[0] == '\0')
        wrong_case("no file of that ending", args);
    snprintf(path, room, "%s/%s", folder, last);
}

static void write_bytes(FILE *file, const cJSON *args)
{
    const cJSON *offset = need(args, "offset"), *byte;
    bool at_end = cJSON_IsString(offset) && strcmp(offset->valuestring, "end") == 0;
    if (fseek(file, at_end ? 0 : (long)whole(offset), at_end ? SEEK_END : SEEK_SET) != 0)
        wrong_case("no such place", args);
    cJSON_ArrayForEach(byte, need(args, "bytes")) fputc((int)whole(byte), file);
}

static void flip_byte(FILE *file, const cJSON *args)
{
    long offset = (long)whole(need(args, "offset"));
    if (fseek(file, offset, SEEK_SET) != 0)
        wrong_case("no such place", args);
    int byte = fgetc(file);
    if (byte == EOF || fseek(file, offset, SEEK_SET) != 0)
        wrong_case("no such place", args);
    fputc(byte ^ 0xff, file);
}

static spatio_status check(stage *stage, const cJSON *args, cJSON *answer)
{
    char path[1024], text[8192] = "";
    size_t length = 0;
    spatio_check_report report = {.struct_size = sizeof report};
    path_of(stage, word(args, "path"), path, sizeof path);
    spatio_status status =
        CALL(spatio_check)(path, &report, text, sizeof text, &length, &stage->error);
    cJSON_AddBoolToObject(answer, "is_sound", report.is_sound != 0);
    cJSON_AddItemToObject(answer, "files", json_count(report.files));
    cJSON_AddItemToObject(answer, "records", json_count(report.records));
    cJSON_AddItemToObject(answer, "damaged_files", json_count(report.damaged_files));
    cJSON_AddItemToObject(answer, "torn_tails", json_count(report.torn_tails));
    cJSON_AddStringToObject(answer, "text", text);
    return status;
}

static spatio_status salvage(stage *stage, const cJSON *args, cJSON *answer)
{
    char source[1024], target[1024], text[8192] = "";
    size_t length = 0;
    spatio_salvage_report report = {.struct_size = sizeof report};
    path_of(stage, word(args, "source"), source, sizeof source);
    path_of(stage, word(args, "target"), target, sizeof target);
    spatio_status status =
        CALL(spatio_salvage)(source, target, &report, text, sizeof text, &length, &stage->error);
    cJSON_AddItemToObject(answer, "damaged", json_count(report.damaged));
    cJSON_AddItemToObject(answer, "records_kept", json_count(report.records_kept));
    cJSON_AddItemToObject(answer, "bytes_dropped", json_count(report.bytes_dropped));
    cJSON_AddStringToObject(answer, "text", text);
    return status;
}

bool play_files(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                spatio_status *status)
{
    char path[1300];
    FILE *file = NULL;
    if (strcmp(op, "check") == 0) {
        *status = check(stage, args, answer);
        return true;
    }
    if (strcmp(op, "salvage") == 0) {
        *status = salvage(stage, args, answer);
        return true;
    }
    bool writes = strcmp(op, "write_file") == 0, removes = strcmp(op, "remove_file") == 0;
    bool flips = strcmp(op, "flip_byte") == 0;
    if (!writes && !removes && !flips && strcmp(op, "write_bytes") != 0)
        return false;
    file_of(stage, args, path, sizeof path);
    if (removes ? remove(path) != 0 : (file = fopen(path, writes ? "wb" : "r+b")) == NULL)
        wrong_case("the file cannot be changed", args);
    if (writes)
        fputs(word(args, "text"), file);
    else if (flips)
        flip_byte(file, args);
    else if (!removes)
        write_bytes(file, args);
    if (file != NULL && fclose(file) != 0)
        wrong_case("the file cannot be written", args);
    return true;
}
