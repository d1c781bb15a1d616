#include "vai-log.h"

#include "vai-error-group.h"
#include "vai-route.h"
#include "vai-time.h"

#include <string.h>
#include <unistd.h>

static const struct
{
  const char *name;
  GLogLevelFlags flag;
} levels[] = {
  { "error", G_LOG_LEVEL_ERROR },  { "error", G_LOG_LEVEL_CRITICAL }, { "warning", G_LOG_LEVEL_WARNING },
  { "info", G_LOG_LEVEL_MESSAGE }, { "info", G_LOG_LEVEL_INFO },      { "debug", G_LOG_LEVEL_DEBUG },
};

/* Of one request; longer ones grow. */
#define LINE_BYTES 512

/* The least that is written. */
static GLogLevelFlags least = G_LOG_LEVEL_INFO;

static void
add_name (GString *line, const char *name)
{
  if (line->len > 1)
    g_string_append_c (line, ',');
  g_string_append_c (line, '"');
  g_string_append (line, name);
  g_string_append (line, "\":");
}

static void
add_text (GString *line, const char *name, const char *text)
{
  add_name (line, name);
  g_string_append_c (line, '"');
  for (const char *c = text; *c != '\0'; c++)
    if (*c == '"' || *c == '\\')
      g_string_append_printf (line, "\\%c", *c);
    else if ((guchar) *c < ' ' || *c == 127)
      g_string_append_printf (line, "\\u%04x", (guint) *c);
    else
      g_string_append_c (line, *c);
  g_string_append_c (line, '"');
}

static void
add_number (GString *line, const char *name, gint64 number)
{
  add_name (line, name);
  g_string_append_printf (line, "%" G_GINT64_FORMAT, number);
}

static GString *
begin_line (const char *level)
{
  GString *line = g_string_sized_new (LINE_BYTES);
  gint64 now = g_get_real_time ();
  g_autofree char *seconds = vai_time_format (now / G_USEC_PER_SEC, TRUE);
  g_string_append_c (line, '{');
  add_name (line, "time");
  g_string_append_printf (line, "\"%s.%06dZ\"", seconds, (int) (now % G_USEC_PER_SEC));
  add_text (line, "level", level);
  return line;
}

/* In one piece, so that lines of two threads do not mix. */
static void
end_line (GString *line)
{
  g_string_append (line, "}\n");
  if (write (STDERR_FILENO, line->str, line->len) < 0)
    least = G_LOG_LEVEL_ERROR; /* nobody listens any more */
  g_string_free (line, TRUE);
}

static const char *
name_of (GLogLevelFlags level)
{
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (level & levels[i].flag)
      return levels[i].name;
  return "info";
}

static GLogWriterOutput
write_entry (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
  gboolean failed = (level & G_LOG_LEVEL_MASK) <= G_LOG_LEVEL_WARNING;
  if ((level & G_LOG_LEVEL_MASK) > least && !failed)
    return G_LOG_WRITER_HANDLED;
  g_autoptr (GString) message = g_string_new (NULL);
  for (gsize i = 0; i < n; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0)
      {
        gssize length = fields[i].length < 0 ? (gssize) strlen (fields[i].value) : fields[i].length;
        g_autofree char *valid = g_utf8_make_valid (fields[i].value, length);
        g_string_append (message, valid);
      }
  if (failed)
    vai_error_group_note (message->str);
  if ((level & G_LOG_LEVEL_MASK) > least)
    return G_LOG_WRITER_HANDLED;
  GString *line = begin_line (name_of (level));
  if (level & G_LOG_LEVEL_CRITICAL)
    add_text (line, "kind", "CRITICAL");
  add_text (line, "message", message->str);
  end_line (line);
  return G_LOG_WRITER_HANDLED;
}

void
vai_log_start (const char *level)
{
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (strcmp (levels[i].name, level) == 0)
      least = levels[i].flag;
  g_log_set_writer_func (write_entry, NULL, NULL);
}

void
vai_log_request (const VaiCall *call, guint status, gint64 microseconds)
{
  if (least < G_LOG_LEVEL_INFO || call->route->rate == VAI_RATE_NONE)
    return;
  GString *line = begin_line ("info");
  add_text (line, "request_id", call->request_id);
  add_text (line, "method", call->route->method);
  add_text (line, "route", call->route->path);
  add_text (line, "address", call->address);
  if (call->user_id != NULL)
    add_text (line, "user_id", call->user_id);
  add_number (line, "status", status);
  add_number (line, "microseconds", microseconds);
  end_line (line);
}
