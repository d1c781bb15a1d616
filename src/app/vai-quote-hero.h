/* What is said of one quote at a glance: the chance, the verdict, ten circles, for and against, the range. */
#pragma once

#include "vai-scorer.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_QUOTE_HERO (vai_quote_hero_get_type ())
G_DECLARE_FINAL_TYPE (VaiQuoteHero, vai_quote_hero, VAI, QUOTE_HERO, AdwBin)

/* @blank: nobody has written anything in @frame yet; @contributions as vai_scorer_score() gives them; @warnings of
 * char*. */
void vai_quote_hero_set (VaiQuoteHero *self,
                         const VaiModel *model,
                         const VaiFrame *frame,
                         gboolean blank,
                         const VaiScore *score,
                         const double *contributions,
                         GPtrArray *warnings);

/* What the model was told of its data since: shown among the facts, nullable. */
void vai_quote_hero_set_shift (VaiQuoteHero *self, const char *text);

/* Is the number kept back, since too little is like the quote? Signal "asked": a person wants it anyway. */
gboolean vai_quote_hero_is_hidden (VaiQuoteHero *self);

/* Another quote comes: what was asked for was asked of the one before. */
void vai_quote_hero_forget (VaiQuoteHero *self);

/* The sentence for a screen reader: “72%, likely to be won, between 64% and 79%. For: …”. Free with g_free(). */
char *vai_quote_hero_dup_summary (VaiQuoteHero *self);

/* Says @text as a changed result. */
void vai_quote_hero_announce (VaiQuoteHero *self, const char *text);

/* Little room: less beside the number; @detail keeps sentence and range. */
void vai_quote_hero_set_compact (VaiQuoteHero *self, gboolean compact, gboolean detail);

G_END_DECLS
