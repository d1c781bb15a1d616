#include "vai-loop-trace.h"

#ifdef VAI_FAILPOINTS

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Shorter turns are no trouble, and writing them all would be. */
#define NOTED_MS 5.0

static int trace_fd = -1;
static double began_ms;

/* Kinds of widgets of ours that were mapped once; frames that the newest of them wait for; whether this turn is theirs.
 */
static GHashTable *seen;
static guint n_awaited;
static gboolean is_map;

static double
thread_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* "KIND SECONDS MILLISECONDS": when, by the monotonic clock that all processes share, and how long. */
static void
note (const char *kind, double ms)
{
  char line[96];
  int length = g_snprintf (line, sizeof line, "%s %.6f %.3f\n", kind, g_get_monotonic_time () / 1e6, ms);

  if (write (trace_fd, line, (size_t) length) < 0)
    g_error ("cannot write the trace of the main loop");
}

/* What lies between two polls is one turn: all that was dispatched in it, an upper bound of any single dispatch. */
static int
traced_poll (GPollFD *fds, guint n_fds, int timeout)
{
  double took = thread_cpu_ms () - began_ms;

  if (took >= NOTED_MS)
    note (is_map ? "map" : "turn", took);
  is_map = n_awaited > 0;
  int ready = g_poll (fds, n_fds, timeout);
  began_ms = thread_cpu_ms ();
  return ready;
}

static void
map_painted_cb (GdkFrameClock *clock, gpointer user_data)
{
  g_signal_handlers_disconnect_by_func (clock, map_painted_cb, user_data);
  n_awaited--;
}

/* What is mapped for the first time is styled and measured first, which is told apart, until it is painted. */
static gboolean
mapped_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  GtkWidget *widget = g_value_get_object (&values[0]);
  const char *name = G_OBJECT_TYPE_NAME (widget);

  if (g_str_has_prefix (name, "Vai") && g_hash_table_add (seen, (gpointer) name))
    {
      is_map = TRUE;
      n_awaited++;
      g_signal_connect (gtk_widget_get_frame_clock (widget), "after-paint", G_CALLBACK (map_painted_cb),
                        (gpointer) name);
    }
  return G_SOURCE_CONTINUE;
}

void
vai_loop_trace_begin (void)
{
  const char *path = g_getenv ("VALUTAI_LOOP_TRACE");

  if (path == NULL)
    return;
  trace_fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (trace_fd < 0)
    g_error ("cannot write the trace of the main loop");
  began_ms = thread_cpu_ms ();
  g_main_context_set_poll_func (NULL, traced_poll);
  seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_type_class_unref (g_type_class_ref (GTK_TYPE_WIDGET));
  g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, mapped_cb, NULL, NULL);
}

static void
painted_cb (GdkFrameClock *clock, gpointer user_data)
{
  g_signal_handlers_disconnect_by_func (clock, painted_cb, user_data);
  note ("frame", 0);
}

static void
realized_cb (GtkWidget *widget)
{
  g_signal_connect (gtk_widget_get_frame_clock (widget), "after-paint", G_CALLBACK (painted_cb), NULL);
}

void
vai_loop_trace_first_frame (GtkWidget *widget)
{
  if (trace_fd >= 0)
    g_signal_connect (widget, "realize", G_CALLBACK (realized_cb), NULL);
}

#endif
