/* Reads an XLS file with libfreexl and says what is in it as a VaiXlsStream. Meant for a process of its own: the
 * library is not maintained any more. */
#pragma once

#include <stdio.h>

/* @sheet: index in the list, or VAI_XLS_LIST_ONLY. Always ends in an end or a failure. */
void vai_xls_dump (const char *path, const char *sheet, FILE *file);
