/* One field of the form of a quote. */
#pragma once

#include "vai-quote-form.h"

G_BEGIN_DECLS

typedef struct _VaiQuoteField VaiQuoteField;

struct _VaiQuoteField
{
  VaiFrame *frame; /* not owned: the form's */
  guint feature;
  GtkWidget *row;                         /* of a list */
  GtkWidget *entry, *drop, *scale, *lock; /* nullable; children of @row */
  GtkWidget *note;
  GArray *codes;  /* of gint32: what stands at each place of @drop, after “not given” */
  char *original; /* nullable: the text before it was tried */
  void (*changed) (gpointer form);
  gpointer form;
  gboolean updating;
  gboolean unreadable; /* what is written in @entry is no value */
};

/* Writes into a field what no person wrote: Ctrl+Z there does not bring back what another quote had. */
void vai_quote_write (GtkEditable *field, const char *text);

VaiQuoteField *vai_quote_field_new (VaiFrame *frame, guint feature, void (*changed) (gpointer form), gpointer form);
void vai_quote_field_free (VaiQuoteField *self);

/* As vai_frame_set_text(); what cannot be read leaves the field empty. */
void vai_quote_field_set (VaiQuoteField *self, const char *text);

/* Back to what it was before trying. */
void vai_quote_field_restore (VaiQuoteField *self);

gboolean vai_quote_field_is_locked (const VaiQuoteField *self);

/* Shows again what the frame holds and what is to be said of it. */
void vai_quote_field_show (VaiQuoteField *self);

G_END_DECLS
