/* The history of credits as a person reads it: a row of it on the wire. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* Of credit_transaction; the first is its id, the eighth its time. */
#define VAI_HISTORY_COLUMNS "id, type, amount, balance, description, operation_type, resource_id, created_at"

/* Its members, in the object that @builder is in. */
void vai_history_write (VaiRows *rows, JsonBuilder *builder);

G_END_DECLS
