/* “Try Sample Quotes”: invented quotes that came with the program are imported and learnt. */
#pragma once

#include "vai-workspace.h"

G_BEGIN_DECLS

/* In the language of the session. What it does is seen as tasks. */
void vai_sample_begin (VaiWorkspace *workspace);

G_END_DECLS
