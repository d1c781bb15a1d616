/* Theme, language, threads. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void vai_preferences_present (GtkWindow *parent);

G_END_DECLS
