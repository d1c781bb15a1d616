#include "vai-past-score.h"

#include "vai-row-count.h"

/* Rows read at once: what a screen shows. */
#define PAGE 64

/* Lines kept before all are forgotten: a line is about 3 KB. Those in view live on with their widgets. */
#define LINES_MAX 4096

struct _VaiPastScore
{
  GObject parent_instance;
  VaiPredictionRow *row; /* nullable */
};

G_DEFINE_FINAL_TYPE (VaiPastScore, vai_past_score, G_TYPE_OBJECT)

static GParamSpec *row_property;

static void
vai_past_score_finalize (GObject *object)
{
  g_clear_pointer (&VAI_PAST_SCORE (object)->row, vai_prediction_row_free);
  G_OBJECT_CLASS (vai_past_score_parent_class)->finalize (object);
}

static void
vai_past_score_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_pointer (value, VAI_PAST_SCORE (object)->row);
}

static void
vai_past_score_class_init (VaiPastScoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_past_score_finalize;
  G_OBJECT_CLASS (klass)->get_property = vai_past_score_get_property;
  row_property = g_param_spec_pointer ("row", NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1, row_property);
}

static void
vai_past_score_init (VaiPastScore *self)
{
}

const VaiPredictionRow *
vai_past_score_get_row (VaiPastScore *self)
{
  g_return_val_if_fail (VAI_IS_PAST_SCORE (self), NULL);
  return self->row;
}

/* The list. */

struct _VaiPastScores
{
  GObject parent_instance;

  VaiStore *store;
  GArray *keys;      /* of gint64 */
  GHashTable *lines; /* position → VaiPastScore */
  GHashTable *asked; /* pages under way, or read */
  guint serial;      /* of the query that is wanted */
  guint answered;    /* that of the keys */
  guint announced;   /* that of which “found” was emitted */
  guint n;           /* lines of the list, on their way to those of the keys */
  guint step_id;
  VaiHistorySum sum; /* of the query that was answered */
};

static void vai_past_scores_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (VaiPastScores,
                               vai_past_scores,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, vai_past_scores_model_init))

static guint found_signal, failed_signal;

static void
vai_past_scores_finalize (GObject *object)
{
  VaiPastScores *self = VAI_PAST_SCORES (object);

  g_clear_handle_id (&self->step_id, g_source_remove);
  g_object_unref (self->store);
  g_array_unref (self->keys);
  g_hash_table_unref (self->lines);
  g_hash_table_unref (self->asked);
  G_OBJECT_CLASS (vai_past_scores_parent_class)->finalize (object);
}

static void
vai_past_scores_class_init (VaiPastScoresClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_past_scores_finalize;
  found_signal
      = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  failed_signal = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
vai_past_scores_init (VaiPastScores *self)
{
  self->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->lines = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->asked = g_hash_table_new (NULL, NULL);
}

VaiPastScores *
vai_past_scores_new (VaiStore *store)
{
  VaiPastScores *self = g_object_new (VAI_TYPE_PAST_SCORES, NULL);

  self->store = g_object_ref (store);
  return self;
}

/* Pages. */

typedef struct
{
  VaiPastScores *list; /* a reference */
  guint serial;        /* of the query whose keys these are */
  guint n;
  gint64 keys[PAGE];
  VaiPastScore *lines[PAGE]; /* references */
  GPtrArray *rows;           /* nullable */
} Page;

static void
page_free (gpointer data)
{
  Page *self = data;

  for (guint i = 0; i < self->n; i++)
    g_object_unref (self->lines[i]);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_object_unref (self->list);
  g_free (self);
}

static gboolean
read_in_store (VaiStore *store, gpointer data, GError **error)
{
  Page *page = data;

  page->rows = vai_store_read_predictions (store, page->keys, page->n, error);
  return page->rows != NULL;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiPastScores) self = VAI_PAST_SCORES (user_data);
  g_autoptr (GError) error = NULL;
  Page *page = vai_store_run_finish (VAI_STORE (source), result, &error);

  if (page == NULL)
    {
      g_signal_emit (self, failed_signal, 0, error);
      return;
    }
  /* Other scores stand in these lines by now. */
  if (page->serial != page->list->answered)
    return;
  for (guint i = 0; i < page->n; i++)
    {
      VaiPastScore *line = page->lines[i];
      if (line->row != NULL)
        continue;
      line->row = g_steal_pointer (&g_ptr_array_index (page->rows, i));
      g_object_notify_by_pspec (G_OBJECT (line), row_property);
    }
}

static VaiPastScore *
line_at (VaiPastScores *self, guint position)
{
  VaiPastScore *line = g_hash_table_lookup (self->lines, GUINT_TO_POINTER (position));

  if (line == NULL)
    {
      line = g_object_new (VAI_TYPE_PAST_SCORE, NULL);
      g_hash_table_insert (self->lines, GUINT_TO_POINTER (position), line);
    }
  return line;
}

static void
ask_page (VaiPastScores *self, guint number)
{
  if (!g_hash_table_add (self->asked, GUINT_TO_POINTER (number)))
    return;
  Page *page = g_new0 (Page, 1);
  page->list = g_object_ref (self);
  page->serial = self->answered;
  guint first = number * PAGE;
  page->n = MIN (PAGE, self->keys->len - first);
  for (guint i = 0; i < page->n; i++)
    {
      page->keys[i] = g_array_index (self->keys, gint64, first + i);
      page->lines[i] = g_object_ref (line_at (self, first + i));
    }
  vai_store_run_async (self->store, read_in_store, page, page_free, NULL, read_cb, g_object_ref (self));
}

static gboolean
is_forgotten (gpointer position, gpointer line, gpointer user_data)
{
  return G_OBJECT (line)->ref_count == 1;
}

/* All but those that a widget holds, which are told when another score comes to stand in them. */
static void
forget_lines (VaiPastScores *self)
{
  g_hash_table_foreach_remove (self->lines, is_forgotten, NULL);
  g_hash_table_remove_all (self->asked);
}

static gpointer
get_item (GListModel *model, guint position)
{
  VaiPastScores *self = VAI_PAST_SCORES (model);

  if (position >= self->n)
    return NULL;
  if (g_hash_table_size (self->lines) > LINES_MAX)
    forget_lines (self);
  if (position < self->keys->len)
    ask_page (self, position / PAGE);
  return g_object_ref (line_at (self, position));
}

static GType
get_item_type (GListModel *model)
{
  return VAI_TYPE_PAST_SCORE;
}

static guint
get_n_items (GListModel *model)
{
  return VAI_PAST_SCORES (model)->n;
}

static void
vai_past_scores_model_init (GListModelInterface *iface)
{
  iface->get_item = get_item;
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
}

/* Queries. */

typedef struct
{
  VaiPastScores *list; /* a reference */
  guint serial;
  VaiHistoryQuery query;
  char *texts[4]; /* what the query points at */
  GArray *keys;   /* nullable */
  VaiHistorySum sum;
} Finding;

static void
finding_free (gpointer data)
{
  Finding *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  g_clear_pointer (&self->keys, g_array_unref);
  g_object_unref (self->list);
  g_free (self);
}

static gboolean
find_in_store (VaiStore *store, gpointer data, GError **error)
{
  Finding *finding = data;

  finding->keys = vai_store_find_predictions (store, &finding->query, error);
  return finding->keys != NULL && vai_store_sum_predictions (store, &finding->query, &finding->sum, error);
}

/* The lines that a widget holds stay where they are, and get what stands there now. */
static void
renew_lines (VaiPastScores *self)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer position, line;

  forget_lines (self);
  g_hash_table_iter_init (&iter, self->lines);
  while (g_hash_table_iter_next (&iter, &position, &line))
    g_ptr_array_add (lines, g_object_ref (line));
  for (guint i = 0; i < lines->len; i++)
    {
      VaiPastScore *held = lines->pdata[i];
      g_clear_pointer (&held->row, vai_prediction_row_free);
      g_object_notify_by_pspec (G_OBJECT (held), row_property);
    }
  g_hash_table_iter_init (&iter, self->lines);
  g_autoptr (GArray) pages = g_array_new (FALSE, FALSE, sizeof (guint));
  while (g_hash_table_iter_next (&iter, &position, &line))
    if (GPOINTER_TO_UINT (position) < self->keys->len)
      {
        guint page = GPOINTER_TO_UINT (position) / PAGE;
        g_array_append_val (pages, page);
      }
  for (guint i = 0; i < pages->len; i++)
    ask_page (self, g_array_index (pages, guint, i));
}

/* Towards the number of keys; whether it is still on the way. */
static gboolean
step (VaiPastScores *self)
{
  guint before = self->n, wanted = self->keys->len;

  g_clear_handle_id (&self->step_id, g_source_remove);
  self->n = vai_row_count_towards (before, wanted);
  guint kept = MIN (before, self->n);
  if (before != self->n)
    g_list_model_items_changed (G_LIST_MODEL (self), kept, before - kept, self->n - kept);
  return self->n != wanted;
}

static gboolean
step_cb (gpointer data)
{
  VaiPastScores *self = data;

  /* What follows may be another step's. */
  self->step_id = 0;
  if (step (self))
    self->step_id = g_idle_add (step_cb, self);
  return G_SOURCE_REMOVE;
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiPastScores) self = VAI_PAST_SCORES (user_data);
  g_autoptr (GError) error = NULL;
  Finding *finding = vai_store_run_finish (VAI_STORE (source), result, &error);

  if (finding == NULL)
    {
      g_signal_emit (self, failed_signal, 0, error);
      return;
    }
  if (finding->serial != self->serial)
    return;
  g_array_unref (self->keys);
  self->keys = g_steal_pointer (&finding->keys);
  self->sum = finding->sum;
  self->answered = finding->serial;
  renew_lines (self);
  if (step (self))
    self->step_id = g_idle_add (step_cb, self);
  self->announced = self->answered;
  g_signal_emit (self, found_signal, 0);
}

void
vai_past_scores_ask (VaiPastScores *self, const VaiHistoryQuery *query)
{
  g_return_if_fail (VAI_IS_PAST_SCORES (self));

  Finding *finding = g_new0 (Finding, 1);
  finding->list = g_object_ref (self);
  finding->serial = ++self->serial;
  finding->query.order = query->order;
  finding->query.since = query->since;
  finding->query.verdict = finding->texts[0] = g_strdup (query->verdict);
  finding->query.outcome = finding->texts[1] = g_strdup (query->outcome);
  finding->query.model_id = finding->texts[2] = g_strdup (query->model_id);
  finding->query.search = finding->texts[3] = g_strdup (query->search);
  vai_store_run_async (self->store, find_in_store, finding, finding_free, NULL, found_cb, g_object_ref (self));
}

guint
vai_past_scores_get_n_found (VaiPastScores *self)
{
  g_return_val_if_fail (VAI_IS_PAST_SCORES (self), 0);
  return self->keys->len;
}

gboolean
vai_past_scores_is_listed (VaiPastScores *self)
{
  g_return_val_if_fail (VAI_IS_PAST_SCORES (self), FALSE);
  return self->announced == self->serial && self->n == self->keys->len;
}

const VaiHistorySum *
vai_past_scores_get_sum (VaiPastScores *self)
{
  g_return_val_if_fail (VAI_IS_PAST_SCORES (self), NULL);
  return &self->sum;
}

GArray *
vai_past_scores_dup_keys (VaiPastScores *self, GArray *positions)
{
  g_return_val_if_fail (VAI_IS_PAST_SCORES (self), NULL);

  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < positions->len; i++)
    {
      guint position = g_array_index (positions, guint, i);
      if (position < self->keys->len)
        g_array_append_val (keys, g_array_index (self->keys, gint64, position));
    }
  return keys;
}
