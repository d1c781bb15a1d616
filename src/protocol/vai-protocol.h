/* What client and server agree on beside the fields of their messages. A change that the other side must know of takes
 * the next number; the server speaks that one and the one before. */
#pragma once

#define VAI_PROTOCOL_HEADER "X-ValutAI-Protocol"
#define VAI_PROTOCOL_VERSION 1
#define VAI_PROTOCOL_OLDEST 1

/* One batch of the library's sync, either way: what a machine that was offline for a week tells in a second. */
#define VAI_SYNC_ITEMS_MAX 500

/* A batch in bytes: it is parsed in memory. */
#define VAI_SYNC_BATCH_BYTES_MAX (4 * 1024 * 1024)

/* What is known of one object, as text. */
#define VAI_SYNC_META_BYTES_MAX (256 * 1024)
#define VAI_SYNC_META_DEPTH_MAX 32

/* Files of one object: a model has two, a dataset one for each part of it. */
#define VAI_SYNC_BLOBS_MAX 64

/* A blob travels in pieces of this size, the last one shorter: what is lost when a line is cut. */
#define VAI_BLOB_CHUNK_BYTES (4 * 1024 * 1024)
#define VAI_BLOB_BYTES_MAX (512 * 1024 * 1024)
