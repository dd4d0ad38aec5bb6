/* What the suite needs of the operating system: folders of its own, files, and waiting. */
#ifndef SPATIO_CTEST_PLATFORM_H
#define SPATIO_CTEST_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

#define PATH_BYTES 512

/* Makes a new empty folder for temporary files and writes its path. */
void platform_make_folder(char path[PATH_BYTES]);
/* Removes a folder with the files and folders in it. */
void platform_remove_folder(const char *path);
/* Writes `folder/name`. */
void platform_join(char path[PATH_BYTES], const char *folder, const char *name);
/* Finds a file of `folder` whose name ends so; 0 if there is none. */
int platform_find(char path[PATH_BYTES], const char *folder, const char *suffix);
/* The whole content of a file, to be freed; NULL if it cannot be read. */
uint8_t *platform_read(const char *path, size_t *length);
/* 1 if it could be written. */
int platform_write(const char *path, const uint8_t *bytes, size_t length);
void platform_sleep_ms(unsigned milliseconds);

#endif
