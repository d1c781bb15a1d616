#include "vai-leak-meaning.h"

#include "vai-words.h"

#include <string.h>

static const char after_phrases[]
    = "lost|loss|losing|won|win date|win reason|winner|winning|awarded|award|drop|dropped|dropout|churn|churned|"
      "reason for rejection|rejection|rejected|cancellation|cancelled|canceled|closed|closing|closure|closed by|"
      "outcome|decision date|date of decision|acceptance date|conversion date|converted|result|results|"
      "order number|order no|order id|order code|order ref|order date|date of order|purchase order|po number|"
      "po no|po date|job number|job no|job id|contract number|contract no|contract id|contract date|"
      "contract value|contract amount|contract price|contract signed|amount contract|value contract|signed|"
      "signature|invoice|invoiced|actual close|actual revenue|actual amount|actual value|actual price|"
      "final price|final amount|final value|agreed price|agreed amount|days to close|time to close|sales cycle|"
      "cycle time|next price|next value|next amount|next quote|next rate|next bid|post sale|after sale|"
      "payment received|paid|amount paid|commission paid|kick off date|installation date|go live|onboarding|"
      "debrief|completion date|motivo perdita|motivo della perdita|motivo di perdita|causale perdita|"
      "causa perdita|motivo vincita|motivo rifiuto|motivo esito|motivo annullamento|motivo chiusura|"
      "motivazione perdita|persa|perso|vinta|vinto|vincita|vincitore|vincente|aggiudicata|aggiudicato|"
      "aggiudicatario|aggiudicazione|chiusa|chiuso|chiusura|esito|numero ordine|nr ordine|n ordine|num ordine|"
      "codice ordine|rif ordine|ordine numero|data ordine|conferma ordine|numero commessa|codice commessa|"
      "nr commessa|n commessa|numero contratto|data contratto|importo contratto|valore contratto|data firma|"
      "firmata|firmato|fattura|importo fatturato|incassato|incasso|pagato|pagata|prezzo finale|importo finale|"
      "prezzo concordato|giorni alla chiusura|giorni chiusura|durata trattativa|prezzo successivo|"
      "prossimo prezzo|data rifiuto|data accettazione|shipped on|date shipped|is shipped|delivered on|"
      "date delivered|is delivered|completed on|date completed|is completed|sales order number|sales order no|"
      "sales order id|consegnata il|consegnato il";

/* What was known of earlier deals is no leak; what is expected is at most a guess. */
static const char history_phrases[]
    = "previous|past|prior|historical|history|last year|earlier|rate|ratio|precedente|precedenti|storico|"
      "passato|anno scorso|tasso";
static const char expected_phrases[] = "expected|estimated|planned|forecast|target|prevista|previsto|stimata|stimato|"
                                       "attesa|atteso|presunta|presunto";

static const char forecast_phrases[]
    = "probability|prob|likelihood|win chance|chance of winning|odds of winning|forecast|projection|lead score|lead "
      "scoring|"
      "lead quality|quality of lead|lead grade|lead rating|lead profile|profile score|profile index|profile grade|"
      "activity score|activity index|activity grade|engagement score|deal score|opportunity score|deal health|"
      "probabilita|previsione di vincita|possibilita di vincita|punteggio lead|qualita lead|qualita contatto|qualita "
      "del lead|"
      "profilo lead|punteggio trattativa";

static const char guess_phrases[]
    = "chance|confidence|commit|customer profile|prospect profile|score|grade|rating|lead temperature|deal "
      "temperature|hot lead|"
      "propensity|qualified|qualification|interest level|level of interest|expected close|estimated close|previsione|"
      "punteggio|temperatura lead|grado di interesse|livello di interesse|interesse cliente|qualificato|qualificata|"
      "chiusura prevista|profilo contatto|propensione|fiducia";

/* Scores and grades that are given to other things than the deal. */
static const char other_score_phrases[]
    = "credit|product|material|safety|environment|school|exam|test|technical|merito|credito|prodotto";

static const char activity_phrases[]
    = "last activity|last contact|last contacted|last touch|last call|last email|last meeting|last visit|last "
      "interaction|last modified|"
      "last update|last updated|last engagement|last stage|last status|last login|last response|last "
      "reply|"
      "latest activity|recent activity|activity score|activity index|activity count|number of activities|number of "
      "calls|"
      "number of meetings|number of emails|number of follow ups|calls made|duration|call duration|call length|talk "
      "time|"
      "tag|tags|label|labels|note|notes|comment|comments|remark|remarks|interview|meeting date|demo date|demo "
      "done|follow up|"
      "touch points count|days in stage|time in stage|days in pipeline|days open|age of deal|deal age|modified|updated|"
      "next step|next activity|next action|ultima attivita|ultimo contatto|ultima chiamata|ultima modifica|ultima "
      "visita|"
      "ultima email|ultimo aggiornamento|ultimo sollecito|numero contatti|numero chiamate|numero attivita|numero "
      "solleciti|"
      "durata|durata "
      "chiamata|etichetta|etichette|osservazioni|commenti|colloquio|incontro|dimostrazione|sollecito|solleciti|"
      "giorni in fase|giorni aperta|prossima attivita|prossimo passo";

/* Durations that are offered or agreed, not measured on the way. */
static const char offered_phrases[]
    = "contract|delivery|project|warranty|production|service|subscription|rental|lease|loan|"
      "contratto|consegna|progetto|lavori|garanzia|produzione|noleggio|fornitura|validita";

static const char agreement_phrases[]
    = "payment plan|payment method|payment status|financing|financed|installment|installments|instalments|deposit|down "
      "payment|"
      "discount|rebate|billing|competitor name|competitor price|competing price|competitor bid|concession|shipping "
      "address|"
      "delivery address|piano di pagamento|stato pagamento|finanziamento|rateale|acconto|caparra|sconto|agevolazione|"
      "fatturazione|prezzo concorrente|nome concorrente|prezzo concorrenza";

static const char planned_phrases[]
    = "requested|required|expected|planned|estimated|due|start|begin|delivery|ship|shipping|valid|validity|expiry|"
      "expiration|expires|"
      "deadline|need|needed|target|renewal|event|course|travel|arrival|end of "
      "contract|richiesta|prevista|previsto|consegna|"
      "scadenza|inizio|validita|spedizione|partenza|arrivo|evento|rinnovo|necessita|fornitura";

static const char date_phrases[] = "date|data|day|giorno|dt|timestamp|datetime|time|tempo|ora";

enum
{
  LIST_AFTER,
  LIST_HISTORY,
  LIST_EXPECTED,
  LIST_FORECAST,
  LIST_GUESS,
  LIST_OTHER_SCORE,
  LIST_ACTIVITY,
  LIST_OFFERED,
  LIST_AGREEMENT,
  LIST_PLANNED,
  LIST_DATE,
  N_LISTS
};

static gboolean
matches (guint list, const VaiWords *stems)
{
  static gsize once = 0;
  static VaiPhrases *lists[N_LISTS];
  if (g_once_init_enter (&once))
    {
      static const char *const texts[N_LISTS] = {
        [LIST_AFTER] = after_phrases,
        [LIST_HISTORY] = history_phrases,
        [LIST_EXPECTED] = expected_phrases,
        [LIST_GUESS] = guess_phrases,
        [LIST_FORECAST] = forecast_phrases,
        [LIST_ACTIVITY] = activity_phrases,
        [LIST_OTHER_SCORE] = other_score_phrases,
        [LIST_OFFERED] = offered_phrases,
        [LIST_AGREEMENT] = agreement_phrases,
        [LIST_PLANNED] = planned_phrases,
        [LIST_DATE] = date_phrases,
      };
      for (guint i = 0; i < N_LISTS; i++)
        lists[i] = vai_phrases_new (texts[i]);
      g_once_init_leave (&once, 1);
    }
  /* "Last notable activity" is a last activity. */
  return vai_phrases_match (lists[list], stems, list == LIST_AFTER || list == LIST_ACTIVITY ? 1 : 0);
}

/* "$" beside a word is an amount: "Contract $". */
static void
split_name (VaiWords *stems, const char *name)
{
  g_autofree char *text = NULL;
  GString *spelt = g_string_new (name);
  g_string_replace (spelt, "$", " amount ", 0);
  g_string_replace (spelt, "€", " amount ", 0);
  text = g_string_free (spelt, FALSE);
  vai_words_split_stems (stems, text);
}

VaiMeaning
vai_leak_meaning (const char *name)
{
  VaiWords stems;
  split_name (&stems, name);
  if (matches (LIST_HISTORY, &stems))
    return VAI_MEANING_NONE;
  if (matches (LIST_FORECAST, &stems))
    return VAI_MEANING_FORECAST;
  if (matches (LIST_AFTER, &stems))
    return matches (LIST_EXPECTED, &stems) ? VAI_MEANING_GUESS : VAI_MEANING_AFTER;
  if (matches (LIST_GUESS, &stems) && !matches (LIST_OTHER_SCORE, &stems))
    return VAI_MEANING_GUESS;
  if (matches (LIST_ACTIVITY, &stems) && !matches (LIST_OFFERED, &stems))
    return VAI_MEANING_ACTIVITY;
  return matches (LIST_AGREEMENT, &stems) ? VAI_MEANING_AGREEMENT : VAI_MEANING_NONE;
}

gboolean
vai_leak_name_is_planned (const char *name)
{
  VaiWords stems;
  vai_words_split_stems (&stems, name);
  return matches (LIST_PLANNED, &stems);
}

gboolean
vai_leak_name_is_date (const char *name)
{
  VaiWords stems;
  vai_words_split_stems (&stems, name);
  return matches (LIST_DATE, &stems);
}
