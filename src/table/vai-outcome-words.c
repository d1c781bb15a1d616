#include "vai-outcome-words.h"

#include "vai-words.h"

#include <string.h>

/* Whole values, folded, or phrases inside them. "Not", "non" and "no" before a word of winning turn it. */
static const char won_words[]
    = "won|win|winner|closed won|close won|awarded|award|accepted|ordered|order|order received|order "
      "placed|sold|signed|"
      "contract signed|converted|success|successful|purchased|bought|done|approved|confirmed|closed win|gained|booked|"
      "traded|positive|invoiced|delivered|contracted|hired|enrolled|closedwon|closed success|"
      "vinta|vinto|vinte|vinti|chiusa vinta|chiuso vinto|acquisita|acquisito|aggiudicata|aggiudicato|aggiudicazione|"
      "accettata|accettato|ordinata|ordinato|ordine|ordine ricevuto|ordine confermato|trasformata in ordine|"
      "trasformato in ordine|confermata|confermato|firmata|firmato|convertita|convertito|venduta|venduto|acquistata|"
      "acquistato|positiva|positivo|esito positivo|approvata|approvato|successo|chiusa positivamente|evasa|evaso|"
      "fatturata|fatturato|conclusa|concluso";

static const char lost_words[]
    = "lost|lose|loss|closed lost|close "
      "lost|rejected|reject|declined|refused|cancelled|canceled|cancellation|missed|miss|"
      "failed|failure|unsuccessful|expired|abandoned|dropped|negative|dead|disqualified|turned down|not accepted|"
      "no sale|no order|no deal|lapsed|withdrawn|closedlost|closed lost to competitor|passed|not interested|"
      "persa|perso|perse|persi|chiusa persa|chiuso perso|rifiutata|rifiutato|respinta|respinto|annullata|annullato|"
      "scaduta|scaduto|negativa|negativo|esito negativo|abbandonata|abbandonato|ritirata|ritirato|decaduta|decaduto|"
      "fallita|fallito|bocciata|bocciato|declinata|declinato|cancellata|cancellato|mancata|sfumata|chiusa "
      "negativamente|"
      "archiviata persa";

static const char open_words[]
    = "open|opened|pending|in progress|in process|ongoing|active|new|draft|sent|submitted|quoted|quote "
      "sent|negotiation|negotiating|"
      "negotiation review|proposal|proposal sent|proposal price "
      "quote|prospecting|prospect|qualification|qualified|qualifying|"
      "engaging|engaged|discovery|demo|contacted|contact made|follow up|on hold|hold|waiting|awaiting|awaiting "
      "decision|"
      "under review|in review|review|needs analysis|value proposition|presentation|perception analysis|id decision "
      "makers|"
      "appointment scheduled|presentation scheduled|decision maker bought in|contract "
      "sent|evaluation|working|nurturing|"
      "undecided|to be decided|tbd|not yet decided|in negotiation|verbal|forecast|started|"
      "aperta|aperto|in corso|in attesa|attesa|in lavorazione|in trattativa|trattativa|in negoziazione|negoziazione|"
      "inviata|inviato|bozza|nuova|nuovo|sospesa|sospeso|in sospeso|in valutazione|valutazione|da valutare|in esame|"
      "in revisione|presentata|presentato|emessa|emesso|offerta inviata|da confermare|in definizione|da definire|"
      "in decisione|attiva|attivo|qualificata|qualificato|contattata|contattato|sollecitata|in approvazione|"
      "preventivo inviato|proposta|proposta inviata|in preparazione|prospezione|analisi";

static const char weak_won_words[] = "yes|y|true|t|1|si|s|vero|v|x|ok|w";
static const char weak_lost_words[] = "no|n|false|f|0|falso|ko|l|p";

/* Of these the mere presence inside another column's text gives the outcome away. */
static const char telling_won[]
    = "won|awarded|vinta|vinto|aggiudicata|aggiudicato|ordered|ordinato|accepted|accettata|accettato|signed|sold|"
      "enrolled|invoiced|purchased|bought|firmato|firmata|venduto";
static const char telling_lost[] = "lost|lose|loss|rejected|declined|refused|unsuccessful|persa|perso|rifiutata|"
                                   "rifiutato|respinta|respinto|annullata|"
                                   "annullato|cancelled|canceled|abandoned|dropped|disqualified";

typedef struct
{
  GHashTable *phrases; /* folded → GUINT_TO_POINTER (reading + 1) */
  GHashTable *telling; /* single words of telling_won and telling_lost */
} Vocabulary;

static guint
pack (VaiOutcome outcome, gboolean weak)
{
  return 1 + (outcome | (weak ? 16 : 0));
}

static void
add_all (GHashTable *table, const char *words, VaiOutcome outcome, gboolean weak)
{
  g_auto (GStrv) parts = g_strsplit (words, "|", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    g_hash_table_insert (table, g_strdup (parts[i]), GUINT_TO_POINTER (pack (outcome, weak)));
}

static const Vocabulary *
get_vocabulary (void)
{
  static gsize once = 0;
  static Vocabulary made;
  if (g_once_init_enter (&once))
    {
      made.phrases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      made.telling = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      add_all (made.phrases, won_words, VAI_OUTCOME_WON, FALSE);
      add_all (made.phrases, lost_words, VAI_OUTCOME_LOST, FALSE);
      add_all (made.phrases, open_words, VAI_OUTCOME_OPEN, FALSE);
      add_all (made.phrases, weak_won_words, VAI_OUTCOME_WON, TRUE);
      add_all (made.phrases, weak_lost_words, VAI_OUTCOME_LOST, TRUE);
      add_all (made.telling, telling_won, VAI_OUTCOME_WON, FALSE);
      add_all (made.telling, telling_lost, VAI_OUTCOME_LOST, FALSE);
      g_once_init_leave (&once, 1);
    }
  return &made;
}

static VaiOutcomeReading
lookup (const char *phrase)
{
  guint packed = GPOINTER_TO_UINT (g_hash_table_lookup (get_vocabulary ()->phrases, phrase));
  if (packed == 0)
    return (VaiOutcomeReading){ VAI_OUTCOME_UNKNOWN, FALSE };
  return (VaiOutcomeReading){ (packed - 1) & 15, (packed - 1) >= 16 };
}

static gboolean
is_negation (const char *word)
{
  static const char *const words[] = { "not", "non", "no", "never", "mai", "isn", "un", NULL };
  return g_strv_contains (words, word);
}

/* The longest phrase we know that begins at word @at of @words; its length in words goes to @taken. */
static VaiOutcomeReading
lookup_at (char **words, guint at, guint n, guint *taken)
{
  for (guint length = MIN (n - at, 4); length > 0; length--)
    {
      GString *phrase = g_string_new (words[at]);
      for (guint i = 1; i < length; i++)
        g_string_append_printf (phrase, " %s", words[at + i]);
      g_autofree char *text = g_string_free (phrase, FALSE);
      VaiOutcomeReading reading = lookup (text);
      *taken = length;
      if (reading.outcome != VAI_OUTCOME_UNKNOWN && !reading.weak)
        return reading;
    }
  *taken = 1;
  return (VaiOutcomeReading){ VAI_OUTCOME_UNKNOWN, FALSE };
}

/* Words of winning and losing win over words of being open ("Proposal rejected"); both at once say nothing. */
static VaiOutcomeReading
read_words (char **words)
{
  guint n = g_strv_length (words), taken = 1;
  gboolean seen[VAI_OUTCOME_UNKNOWN + 1] = { FALSE };
  for (guint i = 0; i < n; i += taken)
    {
      VaiOutcome outcome = lookup_at (words, i, n, &taken).outcome;
      gboolean negated = i > 0 && is_negation (words[i - 1]);
      if (negated && outcome == VAI_OUTCOME_LOST)
        outcome = VAI_OUTCOME_UNKNOWN;
      else if (negated && outcome == VAI_OUTCOME_WON)
        outcome = VAI_OUTCOME_LOST;
      seen[outcome] = TRUE;
    }
  if (seen[VAI_OUTCOME_WON] != seen[VAI_OUTCOME_LOST])
    return (VaiOutcomeReading){ seen[VAI_OUTCOME_WON] ? VAI_OUTCOME_WON : VAI_OUTCOME_LOST, FALSE };
  if (seen[VAI_OUTCOME_OPEN] && !seen[VAI_OUTCOME_WON])
    return (VaiOutcomeReading){ VAI_OUTCOME_OPEN, FALSE };
  return (VaiOutcomeReading){ VAI_OUTCOME_UNKNOWN, FALSE };
}

VaiOutcomeReading
vai_outcome_read (const char *value)
{
  g_autofree char *folded = vai_words_fold (value);
  VaiOutcomeReading whole = lookup (folded);
  if (whole.outcome != VAI_OUTCOME_UNKNOWN || folded[0] == '\0')
    return whole;
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);
  return read_words (words);
}

VaiOutcome
vai_outcome_scan (const char *text, gsize length)
{
  const Vocabulary *vocabulary = get_vocabulary ();
  VaiOutcome found = VAI_OUTCOME_UNKNOWN;
  char word[VAI_WORD_BYTES];
  gsize n = 0;
  for (gsize i = 0; i <= length; i++)
    {
      char c = i < length ? g_ascii_tolower (text[i]) : ' ';
      if (g_ascii_isalpha (c) || (c & 0x80))
        {
          if (n < sizeof word)
            word[n] = c;
          n++;
          continue;
        }
      gsize letters = n;
      n = 0;
      /* The shortest telling word has 3 letters, the longest 12. */
      if (letters < 3 || letters > 12)
        continue;
      word[letters] = '\0';
      guint packed = GPOINTER_TO_UINT (g_hash_table_lookup (vocabulary->telling, word));
      if (packed == 0)
        continue;
      if (found != VAI_OUTCOME_UNKNOWN && found != packed - 1)
        return VAI_OUTCOME_UNKNOWN;
      found = packed - 1;
    }
  return found;
}
