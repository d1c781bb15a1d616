#include "vai-open-trouble.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>

static VaiOpenTrouble
damaged (const char *what)
{
  return (
      VaiOpenTrouble){ what,
                       _ ("Restore a copy from before, if there is one, or start a new workspace. What is there now "
                          "is set aside, as it is."),
                       { VAI_RESCUE_RESTORE, VAI_RESCUE_ANEW, VAI_RESCUE_TRY_AGAIN },
                       3 };
}

/* It may be no file at all, or its folder may be what cannot be written to. */
static VaiOpenTrouble
not_writable (const char *path)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return (VaiOpenTrouble){ _ ("There is none yet, and its folder cannot be written to."),
                             _ ("Allow writing to the folder and try again, or choose another folder."),
                             { VAI_RESCUE_TRY_AGAIN, VAI_RESCUE_FOLDER },
                             2 };
  return (VaiOpenTrouble){ _ ("It may only be read."),
                           _ ("Allow writing to the file and its folder and try again. Or choose another folder: "
                              "everything is copied there, and this one stays as it is."),
                           { VAI_RESCUE_TRY_AGAIN, VAI_RESCUE_FOLDER },
                           2 };
}

static VaiOpenTrouble
not_readable (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return damaged (_ ("A folder stands in its place."));
  return (VaiOpenTrouble){ _ ("It may not be read."),
                           _ ("Allow reading and writing of the file and its folder and try again. Or start a new "
                              "workspace: this one is set aside, as it is."),
                           { VAI_RESCUE_TRY_AGAIN, VAI_RESCUE_ANEW },
                           2 };
}

VaiOpenTrouble
vai_open_trouble (const GError *error, const char *path)
{
  VaiError code = error->domain == VAI_ERROR ? (VaiError) error->code : VAI_ERROR_FAILED;

  if (path == NULL)
    return (VaiOpenTrouble){ _ ("The settings file that says where it is cannot be understood."),
                             _ ("Mend that file and try again. Or use the usual place: the file is set aside, as it "
                                "is."),
                             { VAI_RESCUE_TRY_AGAIN, VAI_RESCUE_USUAL },
                             2 };
  if (code == VAI_ERROR_NEWER)
    return (VaiOpenTrouble){ _ ("It was written by a newer version of ValutAI."),
                             _ ("Update ValutAI, then all of it is there again. Or start a new workspace: this one is "
                                "set aside, as it is."),
                             { VAI_RESCUE_TRY_AGAIN, VAI_RESCUE_ANEW },
                             2 };
  if (code == VAI_ERROR_DAMAGED)
    return damaged (_ ("Its file is damaged."));
  if (code == VAI_ERROR_FOREIGN)
    return damaged (_ ("A file of another kind stands in its place."));
  if (code == VAI_ERROR_NOT_WRITABLE)
    return not_writable (path);
  if (code == VAI_ERROR_NOT_READABLE)
    return not_readable (path);
  if (code == VAI_ERROR_NOT_FOUND)
    return (VaiOpenTrouble){ _ ("Its folder is not there."),
                             _ ("Connect the disk that it is on and try again. Or choose another folder, or start a "
                                "new workspace in the old place."),
                             { VAI_RESCUE_TRY_AGAIN, VAI_RESCUE_FOLDER, VAI_RESCUE_ANEW },
                             3 };
  if (code == VAI_ERROR_NO_SPACE)
    return (VaiOpenTrouble){ _ ("The disk is full."),
                             _ ("Make room and try again. Or choose a folder on another disk: everything is copied "
                                "there, and this one stays as it is."),
                             { VAI_RESCUE_TRY_AGAIN, VAI_RESCUE_FOLDER },
                             2 };
  if (code == VAI_ERROR_BUSY)
    return (VaiOpenTrouble){ _ ("Another program is working with it."),
                             _ ("Wait until that has finished, or close it, and try again."),
                             { VAI_RESCUE_TRY_AGAIN },
                             1 };
  return (VaiOpenTrouble){ _ ("Something went wrong while it was read."),
                           _ ("Try again. If it stays so, restore a copy from before, or start a new workspace: this "
                              "one is set aside, as it is."),
                           { VAI_RESCUE_TRY_AGAIN, VAI_RESCUE_RESTORE, VAI_RESCUE_ANEW },
                           3 };
}

const char *
vai_rescue_label (VaiRescue act)
{
  switch (act)
    {
    case VAI_RESCUE_RESTORE:
      return _ ("Restore a Copy…");
    case VAI_RESCUE_ANEW:
      return _ ("Start a New Workspace");
    case VAI_RESCUE_FOLDER:
      return _ ("Choose Another Folder…");
    case VAI_RESCUE_USUAL:
      return _ ("Use the Usual Place");
    case VAI_RESCUE_TRY_AGAIN:
    default:
      return _ ("Try Again");
    }
}
