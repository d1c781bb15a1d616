/* Writes quotes of an invented maker of pumps, with a known true chance to win: for samples, tests and simulations. Not
 * real data.
 *
 *   sample-quotes [--rows N] [--seed N] [--locale en|it] [--drift X] [--missing SHARE] [--open SHARE] [--leaks]
 * [--truth]
 *                 [--shuffled] --output FILE
 *
 * Quotes are spread over the same days whatever N is; each row has its own random stream. */
#include "vai-output.h"
#include "vai-random.h"
#include "vai-time.h"

#include <math.h>
#include <string.h>

#define FIRST_DAY 19358 /* 2023-01-01 */
#define N_DAYS 1340     /* to the end of August 2026 */
#define EFFECT 1.7      /* how much the facts decide: a model that knew all would reach an AUC of about 0.85 */

typedef struct
{
  const char *en, *it;
  double effect; /* on the log-odds */
  double weight; /* how often, relative */
} Choice;

static const Choice sectors[] = {
  { "Food & drink", "Alimentare", 0.35, 5 },
  { "Chemicals", "Chimica", -0.10, 4 },
  { "Water", "Acqua", 0.15, 4 },
  { "Paper", "Carta", -0.05, 2 },
  { "Pharmaceuticals", "Farmaceutica", -0.35, 2 },
  { "Mining", "Estrazione", -0.45, 1 },
  { "Textiles", "Tessile", 0.05, 1.5 },
  { "Marine", "Navale", -0.25, 0.5 },
};
static const Choice sizes[] = {
  { "1–9", "1–9", 0.20, 2 },
  { "10–49", "10–49", 0.10, 4 },
  { "50–249", "50–249", 0, 4 },
  { "250+", "250+", -0.30, 2 },
};
static const Choice customers[] = { { "Returning", "Abituale", 0.75, 5 }, { "New", "Nuovo", -0.45, 6 } };
static const Choice sources[] = {
  { "Referral", "Passaparola", 0.55, 3 }, { "Trade fair", "Fiera", 0.05, 3 }, { "Website", "Sito web", -0.20, 5 },
  { "Cold call", "Chiamata", -0.60, 2 },  { "Partner", "Partner", 0.25, 2 },
};
static const Choice channels[]
    = { { "Direct", "Diretto", 0, 6 }, { "Dealer", "Rivenditore", 0.10, 3 }, { "Online", "Online", -0.15, 1 } };
static const Choice reps[] = {
  { "Rep A", "Agente A", 0.25, 4 }, { "Rep B", "Agente B", 0, 4 },     { "Rep C", "Agente C", -0.20, 3 },
  { "Rep D", "Agente D", 0.05, 2 }, { "Rep E", "Agente E", -0.05, 1 },
};
static const Choice families[] = {
  { "Centrifugal", "Centrifuga", 0.10, 5 },
  { "Diaphragm", "Membrana", 0, 3 },
  { "Gear", "Ingranaggi", -0.05, 2 },
  { "Screw", "Vite", -0.15, 1 },
};
static const Choice competitors[] = { { "Yes", "Sì", -0.50, 4 }, { "No", "No", 0.25, 6 } };
static const Choice reasons[] = {
  { "Price", "Prezzo", 0, 5 },
  { "Delivery time", "Tempi di consegna", 0, 3 },
  { "Project stopped", "Progetto fermo", 0, 2 },
};

typedef struct
{
  guint64 number;
  gint64 opened, closed; /* days since the epoch */
  const Choice *sector, *size, *customer, *source, *channel, *rep, *family, *competitor, *reason;
  guint customer_number, weeks, payment, quantity, visits;
  double power, price, discount, cost;
  double probability;
  gboolean open, won;
} Quote;

typedef struct
{
  int rows;
  gint64 seed;
  char *locale, *output;
  double drift, missing, open;
  gboolean leaks, truth, shuffled;
  gboolean italian;
} Options;

#define PICK(random, table) pick (random, table, G_N_ELEMENTS (table))

static const Choice *
pick (VaiRandom *random, const Choice *table, guint n)
{
  double total = 0;
  for (guint i = 0; i < n; i++)
    total += table[i].weight;
  double at = vai_random_uniform (random) * total;
  for (guint i = 0; i < n; i++)
    if ((at -= table[i].weight) < 0)
      return &table[i];
  return &table[n - 1];
}

static void
draw_facts (Quote *quote, VaiRandom *random)
{
  quote->sector = PICK (random, sectors);
  quote->size = PICK (random, sizes);
  quote->customer = PICK (random, customers);
  quote->source = PICK (random, sources);
  quote->channel = PICK (random, channels);
  quote->rep = PICK (random, reps);
  quote->family = PICK (random, families);
  quote->competitor = PICK (random, competitors);
  quote->reason = PICK (random, reasons);
  quote->customer_number = 1000 + vai_random_below (random, 4000);
  quote->weeks = 2 + (guint) (fabs (vai_random_normal (random)) * 3.2);
  static const guint terms[] = { 30, 30, 30, 60, 60, 90 };
  quote->payment = terms[vai_random_below (random, G_N_ELEMENTS (terms))];
  quote->quantity = 1 + vai_random_below (random, 12);
  quote->visits = vai_random_below (random, 6);
  quote->power = round (exp (vai_random_normal (random) * 0.9 + 2.2) * 10) / 10;
  quote->price = round (quote->quantity * (900 + 310 * quote->power) * exp (vai_random_normal (random) * 0.18));
  quote->cost = round (quote->price * (0.58 + 0.08 * vai_random_uniform (random)));
}

/* Discounts go to hard deals more than to easy ones, as they do in life: a check for confounding must find it. */
static void
draw_outcome (Quote *quote, VaiRandom *random, const Options *options)
{
  double usual = quote->quantity * (900 + 310 * quote->power);
  double above = log (quote->price / usual);
  double hard = -(quote->customer->effect + quote->competitor->effect);
  double given = 5 + 4 * hard + 3.5 * vai_random_normal (random);
  quote->discount = round (CLAMP (given, 0, 20) * 2) / 2;
  double time = (double) (quote->opened - FIRST_DAY) / N_DAYS;
  double margin = -0.30 + quote->sector->effect + quote->size->effect + quote->customer->effect + quote->source->effect
                  + quote->channel->effect + quote->rep->effect + quote->family->effect + quote->competitor->effect;
  margin -= 3.2 * above;
  margin += 0.085 * quote->discount * (quote->size->effect < 0 ? 1.4 : 1.0);
  margin -= quote->weeks <= 4 ? 0.04 * quote->weeks : 0.16 + 0.19 * (quote->weeks - 4);
  margin += 0.11 * quote->visits - 0.004 * (double) quote->payment;
  margin -= quote->price > 60000 ? 0.5 : 0;
  margin += options->drift * (time - 0.5) * (quote->source->effect > 0 ? -2 : 2);
  quote->probability = 1 / (1 + exp (-EFFECT * margin));
  quote->won = vai_random_uniform (random) < quote->probability;
  if (options->shuffled)
    {
      quote->probability = 0.45;
      quote->won = vai_random_uniform (random) < quote->probability;
    }
}

static void
draw_quote (Quote *quote, guint64 index, const Options *options)
{
  VaiRandom random;
  vai_random_init (&random, options->seed, index);
  quote->number = index + 1;
  double place = (double) index / MAX (options->rows, 1);
  quote->opened = FIRST_DAY + (gint64) (place * N_DAYS) + vai_random_below (&random, 7);
  quote->closed = quote->opened + 6 + vai_random_below (&random, 70);
  draw_facts (quote, &random);
  draw_outcome (quote, &random, options);
  quote->open = place > 1 - options->open && vai_random_uniform (&random) < 0.9;
}

/* ---- writing ---- */

static void
write_field (FILE *file, const Options *options, const char *text)
{
  char delimiter = options->italian ? ';' : ',';
  gboolean quoted = strchr (text, delimiter) != NULL || strchr (text, '"') != NULL;
  fprintf (file, quoted ? "\"%s\"" : "%s", text);
}

static void
next_field (FILE *file, const Options *options)
{
  fputc (options->italian ? ';' : ',', file);
}

static void
write_choice (FILE *file, const Options *options, const Choice *choice)
{
  next_field (file, options);
  write_field (file, options, options->italian ? choice->it : choice->en);
}

/* Thousands and decimals as the locale writes them: 12,345.50 or 12.345,50. */
static void
write_number (FILE *file, const Options *options, double number, guint decimals)
{
  char plain[64], grouped[96];
  g_snprintf (plain, sizeof plain, "%.*f", (int) decimals, number);
  gsize whole = strcspn (plain, "."), out = 0;
  for (gsize i = 0; i < whole; i++)
    {
      if (i > 0 && (whole - i) % 3 == 0 && plain[i - 1] != '-')
        grouped[out++] = options->italian ? '.' : ',';
      grouped[out++] = plain[i];
    }
  g_strlcpy (grouped + out, plain + whole, sizeof grouped - out);
  if (plain[whole] == '.')
    grouped[out] = options->italian ? ',' : '.';
  next_field (file, options);
  write_field (file, options, grouped);
}

static void
write_date (FILE *file, const Options *options, gint64 days)
{
  gint64 year;
  guint month, day;
  vai_civil_from_days (days, &year, &month, &day);
  next_field (file, options);
  if (options->italian)
    fprintf (file, "%02u/%02u/%04d", day, month, (int) year);
  else
    fprintf (file, "%04d-%02u-%02u", (int) year, month, day);
}

static void
write_header (FILE *file, const Options *options)
{
  static const char *const en[] = { "Quote number",   "Opened on",     "Closed on",        "Customer",     "Sector",
                                    "Company size",   "Customer type", "Lead source",      "Channel",      "Sales rep",
                                    "Product family", "Competitor",    "Motor power (kW)", "Quantity",     "List price",
                                    "Cost",           "Discount %",    "Delivery (weeks)", "Payment days", "Visits" };
  static const char *const it[] = { "Numero preventivo",
                                    "Data apertura",
                                    "Data chiusura",
                                    "Cliente",
                                    "Settore",
                                    "Dimensione azienda",
                                    "Tipo cliente",
                                    "Provenienza",
                                    "Canale",
                                    "Venditore",
                                    "Famiglia prodotto",
                                    "Concorrente",
                                    "Potenza motore (kW)",
                                    "Quantità",
                                    "Prezzo di listino",
                                    "Costo",
                                    "Sconto %",
                                    "Consegna (settimane)",
                                    "Giorni pagamento",
                                    "Visite" };
  const char *const *names = options->italian ? it : en;
  for (guint i = 0; i < G_N_ELEMENTS (en); i++)
    {
      if (i > 0)
        next_field (file, options);
      write_field (file, options, names[i]);
    }
  if (options->leaks)
    fputs (options->italian ? ";Numero ordine;Data fattura;Motivo perdita" : ",Order number,Invoice date,Lost reason",
           file);
  fputs (options->italian ? ";Esito" : ",Outcome", file);
  if (options->truth)
    fputs (options->italian ? ";probabilita_vera" : ",true_probability", file);
  fputc ('\n', file);
}

static gboolean
is_missing (VaiRandom *random, const Options *options)
{
  return vai_random_uniform (random) < options->missing;
}

static void
write_leaks (FILE *file, const Options *options, const Quote *quote)
{
  gboolean won = quote->won && !quote->open, lost = !quote->won && !quote->open;
  next_field (file, options);
  if (won)
    fprintf (file, "ORD-%06" G_GUINT64_FORMAT, quote->number * 7 % 999983);
  if (won)
    write_date (file, options, quote->closed + 5);
  else
    next_field (file, options);
  if (lost)
    write_choice (file, options, quote->reason);
  else
    next_field (file, options);
}

static void
write_optional_choice (FILE *file, VaiRandom *random, const Options *options, const Choice *choice)
{
  if (is_missing (random, options))
    next_field (file, options);
  else
    write_choice (file, options, choice);
}

static void
write_optional_number (FILE *file, VaiRandom *random, const Options *options, double number, guint decimals)
{
  if (is_missing (random, options))
    next_field (file, options);
  else
    write_number (file, options, number, decimals);
}

static void
write_quote (FILE *file, const Options *options, const Quote *quote)
{
  VaiRandom random;
  vai_random_init (&random, options->seed ^ 0x5eed, quote->number);
  fprintf (file, "Q-%07" G_GUINT64_FORMAT, quote->number);
  write_date (file, options, quote->opened);
  if (quote->open)
    next_field (file, options);
  else
    write_date (file, options, quote->closed);
  next_field (file, options);
  fprintf (file, "C%04u", quote->customer_number);
  write_optional_choice (file, &random, options, quote->sector);
  write_optional_choice (file, &random, options, quote->size);
  write_choice (file, options, quote->customer);
  write_optional_choice (file, &random, options, quote->source);
  write_choice (file, options, quote->channel);
  write_choice (file, options, quote->rep);
  write_optional_choice (file, &random, options, quote->family);
  write_optional_choice (file, &random, options, quote->competitor);
  write_optional_number (file, &random, options, quote->power, 1);
  write_number (file, options, quote->quantity, 0);
  write_number (file, options, quote->price, 2);
  write_number (file, options, quote->cost, 2);
  write_number (file, options, quote->discount, 1);
  write_optional_number (file, &random, options, quote->weeks, 0);
  write_number (file, options, quote->payment, 0);
  write_optional_number (file, &random, options, quote->visits, 0);
  if (options->leaks)
    write_leaks (file, options, quote);
  next_field (file, options);
  if (quote->open)
    fputs (options->italian ? "Aperto" : "Open", file);
  else
    fputs (quote->won ? (options->italian ? "Vinto" : "Won") : (options->italian ? "Perso" : "Lost"), file);
  if (options->truth)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE];
      fprintf (file, "%c%s", options->italian ? ';' : ',', g_ascii_dtostr (text, sizeof text, quote->probability));
    }
  fputc ('\n', file);
}

static gboolean
parse_options (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &options->rows, "Rows to write", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &options->seed, "Other quotes of the same firm", "N" },
    { "locale", 0, 0, G_OPTION_ARG_STRING, &options->locale, "en or it", "L" },
    { "drift", 0, 0, G_OPTION_ARG_DOUBLE, &options->drift, "How much the effect of the lead source turns over time",
      "X" },
    { "missing", 0, 0, G_OPTION_ARG_DOUBLE, &options->missing, "Share of cells left empty", "SHARE" },
    { "open", 0, 0, G_OPTION_ARG_DOUBLE, &options->open, "Share of rows at the end that are still open", "SHARE" },
    { "leaks", 0, 0, G_OPTION_ARG_NONE, &options->leaks, "Add columns that give the outcome away", NULL },
    { "truth", 0, 0, G_OPTION_ARG_NONE, &options->truth, "Add the true chance to win", NULL },
    { "shuffled", 0, 0, G_OPTION_ARG_NONE, &options->shuffled, "Outcomes that nothing explains", NULL },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &options->output, "File to write", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  options->italian = g_strcmp0 (options->locale, "it") == 0;
  if (options->output != NULL && options->rows > 0)
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--output FILE and a positive --rows are needed");
  return FALSE;
}

int
main (int argc, char **argv)
{
  Options options = { .rows = 2000, .seed = 1, .drift = 0.15, .missing = 0.03, .open = 0.05 };
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiOutput) output = NULL;
  if (parse_options (&options, &argc, &argv, &error))
    output = vai_output_new (options.output, &error);
  if (output != NULL)
    {
      FILE *file = vai_output_get_file (output);
      write_header (file, &options);
      for (int i = 0; i < options.rows; i++)
        {
          Quote quote;
          draw_quote (&quote, i, &options);
          write_quote (file, &options, &quote);
        }
      vai_output_commit (output, &error);
    }
  g_free (options.locale);
  g_free (options.output);
  if (error == NULL)
    return 0;
  g_printerr ("sample-quotes: %s\n", error->message);
  return 1;
}
