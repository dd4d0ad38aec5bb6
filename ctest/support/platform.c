/* The two operating systems that the suite knows: POSIX and Windows. */
#include "platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef _WIN32
#include <direct.h>
#include <windows.h>
#endif

void platform_make_folder(char path[PATH_BYTES])
{
#ifdef _WIN32
    static unsigned made;
    char folder[MAX_PATH];
    GetTempPathA(sizeof folder, folder);
    snprintf(path, PATH_BYTES, "%sspatio-%lu-%u", folder, GetCurrentProcessId(), made++);
    if (_mkdir(path) != 0) abort();
#else
    const char *folder = getenv("TMPDIR");
    snprintf(path, PATH_BYTES, "%s/spatio-XXXXXX", folder && *folder ? folder : "/tmp");
    if (!mkdtemp(path)) abort();
#endif
}

void platform_join(char path[PATH_BYTES], const char *folder, const char *name)
{
    snprintf(path, PATH_BYTES, "%s/%s", folder, name);
}

void platform_remove_folder(const char *path)
{
    struct dirent *entry;
    DIR *folder = opendir(path);
    if (!folder) return;
    while ((entry = readdir(folder)) != NULL) {
        char inner[PATH_BYTES];
        struct stat status;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        platform_join(inner, path, entry->d_name);
        if (stat(inner, &status) == 0 && S_ISDIR(status.st_mode)) {
            platform_remove_folder(inner);
        } else {
            remove(inner);
        }
    }
    closedir(folder);
    rmdir(path);
}

int platform_find(char path[PATH_BYTES], const char *folder, const char *suffix)
{
    struct dirent *entry;
    int found = 0;
    DIR *open = opendir(folder);
    if (!open) return 0;
    while (!found && (entry = readdir(open)) != NULL) {
        const size_t length = strlen(entry->d_name), wanted = strlen(suffix);
        if (length >= wanted && strcmp(entry->d_name + length - wanted, suffix) == 0) {
            platform_join(path, folder, entry->d_name);
            found = 1;
        }
    }
    closedir(open);
    return found;
}

uint8_t *platform_read(const char *path, size_t *length)
{
    uint8_t *bytes = NULL;
    FILE *file = fopen(path, "rb");
    long size;
    if (!file) return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
        rewind(file);
        bytes = (uint8_t *)malloc((size_t)size + 1);
        *length = bytes ? fread(bytes, 1, (size_t)size, file) : 0;
    }
    fclose(file);
    return bytes;
}

int platform_write(const char *path, const uint8_t *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    size_t written;
    if (!file) return 0;
    written = fwrite(bytes, 1, length, file);
    return fclose(file) == 0 && written == length;
}

void platform_sleep_ms(unsigned milliseconds)
{
#ifdef _WIN32
    Sleep(milliseconds);
#else
    usleep(milliseconds * 1000);
#endif
}
