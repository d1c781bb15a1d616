/* Loaded into gtk4-builder-tool, with the whole application layer: the types and resources that the templates name are
 * then there as in the program, found by their functions vai_…_get_type. */
#include "vai-page.h"

#include <adwaita.h>
#include <dlfcn.h>
#include <gmodule.h>

/* The parents of templates, which the tool looks for among registered types only. */
static void __attribute__ ((constructor)) load_parents (void)
{
  g_type_ensure (ADW_TYPE_BIN);
  g_type_ensure (ADW_TYPE_APPLICATION_WINDOW);
  g_type_ensure (VAI_TYPE_PAGE);
}

static void
handler (void)
{
}

/* Stands before GModule's. The tool connects the handlers of a template by the names of exported functions; those of
 * ours are private to their class, and check-ui.py looks for them there. */
gboolean
g_module_symbol (GModule *module, const char *name, gpointer *symbol)
{
  typeof (&g_module_symbol) real = dlsym (RTLD_NEXT, "g_module_symbol");

  if (real (module, name, symbol))
    return TRUE;
  *symbol = handler;
  return g_str_has_suffix (name, "_cb");
}
