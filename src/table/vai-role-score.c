#include "vai-role-score.h"

#include "vai-role-names.h"
#include "vai-words.h"

#include <math.h>
#include <string.h>

/* Names stand in the tables with the most telling first: between two that fit alike the earlier wins, by at most this.
 */
#define LATE_NAME_LOSS 0.04

/* Share of the score that the nearest known name gives; the rest is the vote of the single words. */
#define NEAREST_SHARE 0.6

/* Of a known name whose words are all there, but in another order. */
#define OTHER_ORDER 0.9

/* A word that no known name has tells less than one that some have. */
#define UNKNOWN_WORD_SHARE 0.5

/* Shortest part of a word glued together ("closedate"), and shortest beginning of a word taken for it ("disc"). */
#define PART_MIN 3
#define BEGINNING_MIN 4

/* From this length on one wrong letter is forgiven. */
#define MISSPELT_MIN 6

typedef struct
{
  char text[VAI_WORD_BYTES];
  guint total;
  guint counts[VAI_N_ROLES]; /* known names of the role that have it */
  double weight;             /* rarity */
  double vote[VAI_N_ROLES];  /* sums to 1 */
} Word;

typedef struct
{
  VaiRole role;
  guint n;
  guint words[VAI_WORDS_MAX];
  double weight;
  double order; /* 1 for the first name of its role, a little less for the last */
} Name;

typedef struct
{
  GHashTable *synonyms; /* stem → stem */
  GHashTable *index;    /* stem → index + 1 in @words */
  GArray *words;        /* of Word */
  GArray *names;        /* of Name */
  double unknown_weight;
} Lexicon;

/* Words of names that carry no meaning of their own: the marks of CRM fields and the small words of both languages. */
static gboolean
is_noise (const char *word)
{
  static const char *const noise[]
      = { "c",   "r",  "pc", "fld", "field", "hs",   "cf",  "txt", "custom", "the", "of",   "a", "an",
          "and", "or", "il", "lo",  "la",    "le",   "gli", "di",  "de",     "del", "dell", "d", "da",
          "do",  "e",  "o",  "in",  "eur",   "euro", "usd", "gbp", "chf",    "ci",  "text", NULL };
  return g_strv_contains (noise, word);
}

static void
normalise (const Lexicon *self, char *word)
{
  vai_word_stem (word);
  const char *synonym = g_hash_table_lookup (self->synonyms, word);
  if (synonym != NULL)
    g_strlcpy (word, synonym, VAI_WORD_BYTES);
}

static char *
dup_stem (const char *text)
{
  char word[VAI_WORD_BYTES];
  g_strlcpy (word, text, sizeof word);
  vai_word_stem (word);
  return g_strdup (word);
}

static guint
add_word (Lexicon *self, const char *text)
{
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, text));
  if (found > 0)
    return found - 1;
  Word word = { .total = 0 };
  g_strlcpy (word.text, text, sizeof word.text);
  g_array_append_val (self->words, word);
  g_hash_table_insert (self->index, g_strdup (text), GUINT_TO_POINTER (self->words->len));
  return self->words->len - 1;
}

/* Drops noise unless nothing else would be left ("is" and "no" matter to some names). */
static void
drop_noise (VaiWords *words)
{
  VaiWords kept = { .n = 0 };
  for (guint i = 0; i < words->n; i++)
    if (!is_noise (words->words[i]))
      g_strlcpy (kept.words[kept.n++], words->words[i], VAI_WORD_BYTES);
  if (kept.n > 0)
    *words = kept;
}

static void
add_name (Lexicon *self, VaiRole role, const char *text, double order)
{
  VaiWords words;
  vai_words_split (&words, text);
  drop_noise (&words);
  Name name = { .role = role, .order = order };
  for (guint i = 0; i < words.n; i++)
    {
      normalise (self, words.words[i]);
      guint index = add_word (self, words.words[i]);
      Word *word = &g_array_index (self->words, Word, index);
      gboolean again = FALSE;
      for (guint j = 0; j < name.n; j++)
        again |= name.words[j] == index;
      if (again)
        continue;
      word->total++;
      word->counts[role]++;
      name.words[name.n++] = index;
    }
  g_array_append_val (self->names, name);
}

static void
weigh (Lexicon *self)
{
  guint per_role[VAI_N_ROLES] = { 0 };
  for (guint i = 0; i < self->names->len; i++)
    per_role[g_array_index (self->names, Name, i).role]++;
  for (guint i = 0; i < self->words->len; i++)
    {
      Word *word = &g_array_index (self->words, Word, i);
      word->weight = log (1 + (double) self->names->len / (word->total + 1));
      double sum = 0;
      for (guint r = 0; r < VAI_N_ROLES; r++)
        sum += word->vote[r] = per_role[r] > 0 ? (double) word->counts[r] / per_role[r] : 0;
      for (guint r = 0; r < VAI_N_ROLES; r++)
        word->vote[r] /= sum;
    }
  self->unknown_weight = UNKNOWN_WORD_SHARE * log (1 + self->names->len / 2.0);
  for (guint i = 0; i < self->names->len; i++)
    {
      Name *name = &g_array_index (self->names, Name, i);
      for (guint j = 0; j < name->n; j++)
        name->weight += g_array_index (self->words, Word, name->words[j]).weight;
    }
}

static Lexicon *
lexicon_new (void)
{
  Lexicon *self = g_new0 (Lexicon, 1);
  self->synonyms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->words = g_array_new (FALSE, FALSE, sizeof (Word));
  self->names = g_array_new (FALSE, FALSE, sizeof (Name));
  for (const char *const *pair = vai_role_synonyms (); *pair != NULL; pair += 2)
    g_hash_table_insert (self->synonyms, dup_stem (pair[0]), dup_stem (pair[1]));
  for (guint role = 0; role < VAI_N_ROLES; role++)
    {
      if (vai_role_names (role) == NULL)
        continue;
      g_auto (GStrv) names = g_strsplit (vai_role_names (role), "|", -1);
      for (guint i = 0; names[i] != NULL; i++)
        add_name (self, role, names[i], 1 - LATE_NAME_LOSS * i / g_strv_length (names));
    }
  weigh (self);
  return self;
}

/* Made once and kept: read only after. */
static const Lexicon *
get_lexicon (void)
{
  static gsize once = 0;
  static Lexicon *lexicon = NULL;
  if (g_once_init_enter (&once))
    {
      lexicon = lexicon_new ();
      g_once_init_leave (&once, 1);
    }
  return lexicon;
}

static int
lookup (const Lexicon *self, const char *text)
{
  char word[VAI_WORD_BYTES];
  g_strlcpy (word, text, sizeof word);
  normalise (self, word);
  return (int) GPOINTER_TO_UINT (g_hash_table_lookup (self->index, word)) - 1;
}

static gboolean
one_letter_off (const char *a, const char *b)
{
  gsize n = strlen (a), m = strlen (b), i = 0;
  if (n > m + 1 || m > n + 1)
    return FALSE;
  while (a[i] != '\0' && a[i] == b[i])
    i++;
  if (n == m)
    return a[i] != '\0' && strcmp (a + i + 1, b + i + 1) == 0;
  return n > m ? strcmp (a + i + 1, b + i) == 0 : strcmp (a + i, b + i + 1) == 0;
}

/* The known word that @text is the beginning of or that it is a misspelling of; the most common one. */
static int
lookup_near (const Lexicon *self, const char *text)
{
  char stem[VAI_WORD_BYTES];
  g_strlcpy (stem, text, sizeof stem);
  vai_word_stem (stem);
  int best = -1;
  for (guint i = 0; i < self->words->len; i++)
    {
      const Word *word = &g_array_index (self->words, Word, i);
      gboolean near = (strlen (text) >= BEGINNING_MIN && g_str_has_prefix (word->text, text))
                      || (strlen (stem) >= MISSPELT_MIN && one_letter_off (word->text, stem));
      if (near && (best < 0 || word->total > g_array_index (self->words, Word, best).total))
        best = i;
    }
  return best;
}

/* Words glued together: fewest known parts that make up @text, written to @parts; 0 when it cannot be cut. */
static guint
cut_glued (const Lexicon *self, const char *text, int parts[VAI_WORDS_MAX])
{
  gsize length = strlen (text);
  guint fewest[VAI_WORD_BYTES + 1] = { 0 };
  gsize from[VAI_WORD_BYTES + 1] = { 0 };
  int word[VAI_WORD_BYTES + 1] = { 0 };
  for (gsize end = 1; end <= length; end++)
    for (gsize start = 0; start + 2 <= end; start++)
      {
        if (end - start < PART_MIN && !(end == length && g_str_has_suffix (text, "id")))
          continue;
        if (start > 0 && fewest[start] == 0)
          continue;
        g_autofree char *part = g_strndup (text + start, end - start);
        int found = lookup (self, part);
        if (found < 0 || (fewest[end] > 0 && fewest[end] <= fewest[start] + 1))
          continue;
        fewest[end] = fewest[start] + 1;
        from[end] = start;
        word[end] = found;
      }
  guint n = fewest[length];
  for (gsize end = length, i = n; i > 0; end = from[end])
    parts[--i] = word[end];
  return n;
}

/* Indices of the known words of @name, -1 for unknown ones. */
static guint
read_name (const Lexicon *self, const char *name, int read[VAI_WORDS_MAX])
{
  VaiWords words;
  vai_words_split (&words, name);
  drop_noise (&words);
  guint n = 0;
  for (guint i = 0; i < words.n && n < VAI_WORDS_MAX; i++)
    {
      int parts[VAI_WORDS_MAX];
      int found = lookup (self, words.words[i]);
      guint n_parts = found < 0 ? cut_glued (self, words.words[i], parts) : 0;
      if (found < 0 && n_parts == 0)
        found = lookup_near (self, words.words[i]);
      if (n_parts == 0)
        parts[n_parts++] = found;
      for (guint j = 0; j < n_parts && n < VAI_WORDS_MAX; j++)
        read[n++] = parts[j];
    }
  return n;
}

static double
word_weight (const Lexicon *self, int word)
{
  return word < 0 ? self->unknown_weight : g_array_index (self->words, Word, word).weight;
}

/* Twice the weight in common over the weight of both. */
static double
similarity (const Lexicon *self, const Name *name, const int *read, guint n, double weight)
{
  double common = 0;
  gboolean ordered = TRUE;
  int last = -1;
  for (guint j = 0; j < name->n; j++)
    for (guint i = 0; i < n; i++)
      if (read[i] == (int) name->words[j])
        {
          common += word_weight (self, read[i]);
          ordered &= (int) i > last;
          last = i;
          break;
        }
  return 2 * common / (name->weight + weight) * (ordered ? 1 : OTHER_ORDER) * name->order;
}

void
vai_role_score_name (const char *name, double scores[VAI_N_ROLES])
{
  const Lexicon *self = get_lexicon ();
  int read[VAI_WORDS_MAX];
  guint n = read_name (self, name, read);
  memset (scores, 0, VAI_N_ROLES * sizeof *scores);
  double weight = 0, vote[VAI_N_ROLES] = { 0 };
  for (guint i = 0; i < n; i++)
    {
      weight += word_weight (self, read[i]);
      for (guint r = 0; read[i] >= 0 && r < VAI_N_ROLES; r++)
        vote[r] += word_weight (self, read[i]) * g_array_index (self->words, Word, read[i]).vote[r];
    }
  if (n == 0)
    return;
  for (guint i = 0; i < self->names->len; i++)
    {
      const Name *known = &g_array_index (self->names, Name, i);
      scores[known->role] = MAX (scores[known->role], similarity (self, known, read, n, weight));
    }
  for (guint r = 0; r < VAI_N_ROLES; r++)
    if (scores[r] < 1 - LATE_NAME_LOSS)
      scores[r] = NEAREST_SHARE * scores[r] + (1 - NEAREST_SHARE) * vote[r] / weight;
}
