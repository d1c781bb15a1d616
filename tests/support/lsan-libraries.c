/* What libraries of the window leak, told to LeakSanitizer: they have no frame pointers, so that no line of lsan.supp
 * would find them. Part of the application only when it is built with -Db_sanitize=address. */
#include <dlfcn.h>
#include <gdk/gdk.h>
#include <string.h>

/* Of the sanitizers' runtime, whose headers are not there with every compiler. */
void __lsan_ignore_object (const void *memory);
void __lsan_disable (void);
void __lsan_enable (void);
void __sanitizer_malloc_hook (const volatile void *memory, size_t n_bytes);

/* The library's own function of that name. */
#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

/* GLib's table of quarks, made as it is loaded: when it is full, a longer one takes its place, and it stays for whoever
 * reads it without a lock (gquark.c, quark_new). */
#define QUARK_TABLE_BYTES (2048 * sizeof (char *))

void
__sanitizer_malloc_hook (const volatile void *memory, size_t n_bytes)
{
  static gboolean seen = FALSE;

  if (n_bytes != QUARK_TABLE_BYTES || seen)
    return;
  seen = TRUE;
  __lsan_ignore_object ((const void *) memory);
}

/* Each stream of another program's clipboard: GTK 4.8 takes one reference too many when it is open
 * (gdkselectioninputstream-x11.c, gdk_x11_selection_input_stream_new_finish). Only GDK listens to that signal. */
gulong
g_signal_connect_data (gpointer instance,
                       const char *detailed_signal,
                       GCallback c_handler,
                       gpointer data,
                       GClosureNotify destroy_data,
                       GConnectFlags connect_flags)
{
  if (g_str_equal (detailed_signal, "xevent"))
    __lsan_ignore_object (data);
  return REAL (g_signal_connect_data) (instance, detailed_signal, c_handler, data, destroy_data, connect_flags);
}

/* The key that closes the dialog of a printer: GTK 4.8 never gives back the event. Only GDK makes events; nobody else
 * makes instances in this way but for nodes and expressions of GTK. */
GTypeInstance *
g_type_create_instance (GType type)
{
  GTypeInstance *instance = REAL (g_type_create_instance) (type);

  if (g_type_is_a (type, GDK_TYPE_EVENT))
    __lsan_ignore_object (instance);
  return instance;
}

/* What a dialog for files asks about a folder, when it is closed. The application asks nothing so. */
GFileInfo *
g_file_query_info_finish (GFile *file, GAsyncResult *result, GError **error)
{
  GFileInfo *info = REAL (g_file_query_info_finish) (file, result, error);

  if (info != NULL)
    __lsan_ignore_object (info);
  return info;
}

/* When a file was used last, told to GTK's list of recent files (gtkrecentmanager.c). The application asks for no time
 * so. */
GDateTime *
g_date_time_new_now_utc (void)
{
  GDateTime *now = REAL (g_date_time_new_now_utc) ();

  if (now != NULL)
    __lsan_ignore_object (now);
  return now;
}

static gboolean
is_in_gtk (const void *address)
{
  Dl_info info;

  return dladdr (address, &info) != 0 && info.dli_fname != NULL && strstr (info.dli_fname, "libgtk-4") != NULL;
}

/* A GtkTreePath, which only the dialogs for files still use, and which they leave behind when closed with a row chosen.
 */
#define TREE_PATH_BYTES 16

gpointer
g_slice_alloc (gsize n_bytes)
{
  static gpointer (*real) (gsize) = NULL;
  gpointer memory;

  if (real == NULL)
    real = REAL (g_slice_alloc);
  memory = real (n_bytes);
  if (n_bytes == TREE_PATH_BYTES && is_in_gtk (__builtin_return_address (0)))
    __lsan_ignore_object (memory);
  return memory;
}

/* The buttons of the path above a dialog for files that is closed while it still looks at the folders (gtkpathbar.c).
 * GTK's other lists go this way too, and are not looked for. */
GList *
g_list_prepend (GList *list, gpointer data)
{
  GList *node = REAL (g_list_prepend) (list, data);

  if (is_in_gtk (__builtin_return_address (0)))
    __lsan_ignore_object (node);
  return node;
}

typedef struct
{
  GAsyncReadyCallback callback;
  gpointer user_data;
} Answer;

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Answer *answer = user_data;

  __lsan_disable ();
  answer->callback (source, result, answer->user_data);
  __lsan_enable ();
}

/* libcloudproviders, for the sidebar of a dialog for files, keeps the folders it looked for and why they are not there
 * (cloudproviderscollector.c). Nothing else asks for a bus in this way. */
void
g_bus_get (GBusType bus_type, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Answer *answer = g_new (Answer, 1);

  *answer = (Answer){ callback, user_data };
  REAL (g_bus_get) (bus_type, cancellable, answered_cb, answer);
}
