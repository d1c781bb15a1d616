/* The program as the desktop knows it: one instance, its windows, files to open, preferences, keys. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_APPLICATION (vai_application_get_type ())
G_DECLARE_FINAL_TYPE (VaiApplication, vai_application, VAI, APPLICATION, AdwApplication)

VaiApplication *vai_application_new (void);

G_END_DECLS
