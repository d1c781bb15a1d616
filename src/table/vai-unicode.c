#include "vai-unicode.h"

#include <string.h>

/* The bytes that one decoded character may take. */
#define CHARACTER_MAX 4

/* Share of bytes that are zero at one place of each pair: text of western letters in UTF-16 has nearly all, text in
 * bytes none. */
#define ZERO_SHARE 0.4

/* 0x80 to 0x9f of Windows-1252; the five that it leaves open stand for themselves, as in browsers. */
static const guint16 windows_1252[32] = {
  0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
  0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
  0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178,
};

/* Length of the valid character at @bytes, 0 when there is none. Table 3-7 of the Unicode standard. */
static inline guint
character_length (const guint8 *bytes, gsize length)
{
  guint8 lead = bytes[0];
  if (lead < 0x80)
    return 1;
  guint n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || n > length)
    return 0;
  guint8 low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  guint8 high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (bytes[1] < low || bytes[1] > high)
    return 0;
  for (guint i = 2; i < n; i++)
    if ((bytes[i] & 0xc0) != 0x80)
      return 0;
  return n;
}

static inline gboolean
is_ascii_word (const char *bytes)
{
  guint64 words[2];
  memcpy (words, bytes, sizeof words);
  return ((words[0] | words[1]) & 0x8080808080808080ULL) == 0;
}

gsize
vai_unicode_valid_prefix (const char *bytes, gsize length, gboolean *beyond_ascii)
{
  gsize at = 0;
  while (at < length)
    {
      while (at + 16 <= length && is_ascii_word (bytes + at))
        at += 16;
      if (at == length)
        break;
      guint n = character_length ((const guint8 *) bytes + at, length - at);
      if (n == 0)
        break;
      if (n > 1)
        *beyond_ascii = TRUE;
      at += n;
    }
  return at;
}

gsize
vai_unicode_open_end (const char *bytes, gsize length)
{
  for (gsize back = 1; back <= 3 && back <= length; back++)
    {
      guint8 byte = bytes[length - back];
      if (byte < 0x80)
        return 0;
      if (byte < 0xc0)
        continue;
      guint n = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return n > back ? back : 0;
    }
  return 0;
}

static gsize
put_character (guint32 character, char *to)
{
  return g_unichar_to_utf8 (character, to);
}

static guint32
from_windows_1252 (guint8 byte)
{
  return byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80] : byte;
}

static VaiDecoded
decode_utf8 (const char *bytes, gsize length, gboolean last, char *to, gsize capacity)
{
  VaiDecoded done = { 0 };
  if (!last)
    length -= vai_unicode_open_end (bytes, length);
  while (done.read < length && done.written + CHARACTER_MAX <= capacity)
    {
      guint n = character_length ((const guint8 *) bytes + done.read, length - done.read);
      if (n > 0)
        memcpy (to + done.written, bytes + done.read, n);
      done.beyond_ascii |= n > 1;
      done.written += n > 0 ? n : put_character (from_windows_1252 (bytes[done.read]), to + done.written);
      done.foreign += n == 0;
      done.read += MAX (n, 1);
    }
  return done;
}

static VaiDecoded
decode_windows_1252 (const char *bytes, gsize length, char *to, gsize capacity)
{
  VaiDecoded done = { 0 };
  while (done.read < length && done.written + CHARACTER_MAX <= capacity)
    done.written += put_character (from_windows_1252 (bytes[done.read++]), to + done.written);
  return done;
}

static inline guint32
unit_at (const guint8 *bytes, gboolean big)
{
  return big ? (guint32) bytes[0] << 8 | bytes[1] : (guint32) bytes[1] << 8 | bytes[0];
}

/* A lone half of a pair, or half a unit at the end, becomes U+FFFD. */
static VaiDecoded
decode_utf16 (const char *bytes, gsize length, gboolean big, gboolean last, char *to, gsize capacity)
{
  VaiDecoded done = { 0 };
  const guint8 *from = (const guint8 *) bytes;
  while (done.read < length && done.written + CHARACTER_MAX <= capacity)
    {
      gsize left = length - done.read;
      if (left < 4 && !last && (left < 2 || (unit_at (from + done.read, big) & 0xfc00) == 0xd800))
        break;
      guint32 character = left >= 2 ? unit_at (from + done.read, big) : 0xfffd;
      guint32 second = left >= 4 ? unit_at (from + done.read + 2, big) : 0;
      done.read += MIN (left, 2);
      if ((character & 0xfc00) == 0xd800 && (second & 0xfc00) == 0xdc00)
        {
          character = 0x10000 + ((character & 0x3ff) << 10) + (second & 0x3ff);
          done.read += 2;
        }
      else if ((character & 0xf800) == 0xd800)
        character = 0xfffd;
      done.written += put_character (character, to + done.written);
    }
  return done;
}

VaiDecoded
vai_unicode_decode (VaiEncoding encoding, const char *bytes, gsize length, gboolean last, char *to, gsize capacity)
{
  switch (encoding)
    {
    case VAI_ENCODING_UTF16LE:
    case VAI_ENCODING_UTF16BE:
      return decode_utf16 (bytes, length, encoding == VAI_ENCODING_UTF16BE, last, to, capacity);
    case VAI_ENCODING_WINDOWS_1252:
      return decode_windows_1252 (bytes, length, to, capacity);
    default:
      return decode_utf8 (bytes, length, last, to, capacity);
    }
}

/* UTF-16 without a mark: zeros at one place of each pair and hardly any at the other. */
static VaiEncoding
guess_by_zeros (const char *bytes, gsize length)
{
  gsize zeros[2] = { 0, 0 };
  for (gsize i = 0; i < length; i++)
    zeros[i % 2] += bytes[i] == '\0';
  gsize pairs = length / 2;
  if (zeros[1] > ZERO_SHARE * pairs && zeros[0] * 8 < zeros[1])
    return VAI_ENCODING_UTF16LE;
  if (zeros[0] > ZERO_SHARE * pairs && zeros[1] * 8 < zeros[0])
    return VAI_ENCODING_UTF16BE;
  return VAI_ENCODING_UNKNOWN;
}

VaiEncoding
vai_unicode_guess (const char *bytes, gsize length, gsize *bom)
{
  *bom = 0;
  if (length >= 3 && memcmp (bytes, "\xef\xbb\xbf", 3) == 0)
    {
      *bom = 3;
      return VAI_ENCODING_UTF8;
    }
  if (length >= 2 && (memcmp (bytes, "\xff\xfe", 2) == 0 || memcmp (bytes, "\xfe\xff", 2) == 0))
    {
      *bom = 2;
      return bytes[0] == '\xff' ? VAI_ENCODING_UTF16LE : VAI_ENCODING_UTF16BE;
    }
  VaiEncoding wide = length >= 4 ? guess_by_zeros (bytes, length) : VAI_ENCODING_UNKNOWN;
  if (wide != VAI_ENCODING_UNKNOWN)
    return wide;
  gsize valid = 0, foreign = 0;
  for (gsize at = 0; at < length;)
    {
      guint n = character_length ((const guint8 *) bytes + at, length - at);
      valid += n > 1;
      foreign += n == 0 && at + 3 < length;
      at += MAX (n, 1);
    }
  return foreign > valid ? VAI_ENCODING_WINDOWS_1252 : VAI_ENCODING_UTF8;
}
