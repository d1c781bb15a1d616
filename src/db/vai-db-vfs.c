/* A thin layer between SQLite and the files, so that a test can let the process die, or the disk fill, at any write and
 * any sync of a database. Everything but those calls goes straight through. */
#include "vai-db-private.h"

#include "vai-failpoint.h"

#ifdef VAI_FAILPOINTS

#include <errno.h>

#define VFS_NAME "vai-failpoints"

typedef struct
{
  sqlite3_file base;
  sqlite3_file *real; /* behind this struct, in the same allocation */
} File;

static sqlite3_file *
real_of (sqlite3_file *file)
{
  return ((File *) file)->real;
}

static int
code_of_errno (int failed, int io_code)
{
  return failed == ENOSPC ? SQLITE_FULL : io_code;
}

static int
file_close (sqlite3_file *file)
{
  return real_of (file)->pMethods->xClose (real_of (file));
}

static int
file_read (sqlite3_file *file, void *data, int size, sqlite3_int64 offset)
{
  return real_of (file)->pMethods->xRead (real_of (file), data, size, offset);
}

static int
file_write (sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
  int failed = vai_failpoint ("db-write");
  if (failed == 0)
    return real_of (file)->pMethods->xWrite (real_of (file), data, size, offset);
  /* A disk that fills up has taken a part. */
  real_of (file)->pMethods->xWrite (real_of (file), data, size / 2, offset);
  return code_of_errno (failed, SQLITE_IOERR_WRITE);
}

static int
file_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  int failed = vai_failpoint ("db-truncate");
  if (failed != 0)
    return code_of_errno (failed, SQLITE_IOERR_TRUNCATE);
  return real_of (file)->pMethods->xTruncate (real_of (file), size);
}

static int
file_sync (sqlite3_file *file, int flags)
{
  int failed = vai_failpoint ("db-sync");
  if (failed != 0)
    return code_of_errno (failed, SQLITE_IOERR_FSYNC);
  int code = real_of (file)->pMethods->xSync (real_of (file), flags);
  failed = vai_failpoint ("db-synced");
  return failed != 0 ? code_of_errno (failed, SQLITE_IOERR_FSYNC) : code;
}

static int
file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  return real_of (file)->pMethods->xFileSize (real_of (file), size);
}

static int
file_lock (sqlite3_file *file, int lock)
{
  return real_of (file)->pMethods->xLock (real_of (file), lock);
}

static int
file_unlock (sqlite3_file *file, int lock)
{
  return real_of (file)->pMethods->xUnlock (real_of (file), lock);
}

static int
file_check_reserved_lock (sqlite3_file *file, int *reserved)
{
  return real_of (file)->pMethods->xCheckReservedLock (real_of (file), reserved);
}

static int
file_control (sqlite3_file *file, int operation, void *argument)
{
  return real_of (file)->pMethods->xFileControl (real_of (file), operation, argument);
}

static int
file_sector_size (sqlite3_file *file)
{
  return real_of (file)->pMethods->xSectorSize (real_of (file));
}

static int
file_characteristics (sqlite3_file *file)
{
  return real_of (file)->pMethods->xDeviceCharacteristics (real_of (file));
}

static int
file_shm_map (sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
  return real_of (file)->pMethods->xShmMap (real_of (file), page, size, extend, memory);
}

static int
file_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  return real_of (file)->pMethods->xShmLock (real_of (file), offset, n, flags);
}

static void
file_shm_barrier (sqlite3_file *file)
{
  real_of (file)->pMethods->xShmBarrier (real_of (file));
}

static int
file_shm_unmap (sqlite3_file *file, int remove)
{
  return real_of (file)->pMethods->xShmUnmap (real_of (file), remove);
}

static const sqlite3_io_methods file_methods = {
  .iVersion = 2, /* without memory mapping, which would write past the failpoints */
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_unlock,
  .xCheckReservedLock = file_check_reserved_lock,
  .xFileControl = file_control,
  .xSectorSize = file_sector_size,
  .xDeviceCharacteristics = file_characteristics,
  .xShmMap = file_shm_map,
  .xShmLock = file_shm_lock,
  .xShmBarrier = file_shm_barrier,
  .xShmUnmap = file_shm_unmap,
};

static sqlite3_vfs *
real_vfs (sqlite3_vfs *vfs)
{
  return vfs->pAppData;
}

static int
vfs_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *flags_out)
{
  File *self = (File *) file;
  self->real = (sqlite3_file *) (self + 1);
  int code = real_vfs (vfs)->xOpen (real_vfs (vfs), name, self->real, flags, flags_out);
  self->base.pMethods = self->real->pMethods != NULL ? &file_methods : NULL;
  return code;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync_folder)
{
  int failed = vai_failpoint ("db-delete");
  if (failed != 0)
    return code_of_errno (failed, SQLITE_IOERR_DELETE);
  return real_vfs (vfs)->xDelete (real_vfs (vfs), name, sync_folder);
}

static gpointer
register_vfs (gpointer data)
{
  sqlite3_vfs *real = sqlite3_vfs_find (NULL);
  sqlite3_vfs *vfs = g_memdup2 (real, sizeof *real);
  vfs->zName = VFS_NAME;
  vfs->szOsFile = sizeof (File) + real->szOsFile;
  vfs->pAppData = real;
  vfs->xOpen = vfs_open;
  vfs->xDelete = vfs_delete;
  return sqlite3_vfs_register (vfs, FALSE) == SQLITE_OK ? vfs : NULL;
}

const char *
vai_db_vfs_name (void)
{
  static GOnce once = G_ONCE_INIT;
  return g_once (&once, register_vfs, NULL) != NULL ? VFS_NAME : NULL;
}

#else

const char *
vai_db_vfs_name (void)
{
  return NULL;
}

#endif
