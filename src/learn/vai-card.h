/* The model card: what a reader must know before trusting a model, in words first. */
#pragma once

#include "vai-model.h"

G_BEGIN_DECLS

/* Markdown, translated; no time and no path in it. Free with g_free(). */
char *vai_card_write (const VaiModel *model);

/* The card that the model file carries: the same words and marks wherever it is made. Free with g_free(). */
char *vai_card_write_english (const VaiModel *model);

G_END_DECLS
