#include "vai-palette.h"

const VaiPalette vai_palette_light = { .rgb = {
                                           [VAI_COLOR_CARD] = 0xffffff,
                                           [VAI_COLOR_TEXT] = 0x2e2e33,
                                           [VAI_COLOR_DIM_TEXT] = 0x5e5c64,
                                           [VAI_COLOR_WON_TEXT] = 0x1a5fb4,
                                           [VAI_COLOR_WON] = 0x3584e4,
                                           [VAI_COLOR_LOST_TEXT] = 0xc64600,
                                           [VAI_COLOR_LOST] = 0xe66100,
                                           [VAI_COLOR_NEUTRAL] = 0x77767b,
                                           [VAI_COLOR_SECOND] = 0x813d9c,
                                           [VAI_COLOR_THIRD] = 0x26775b,
                                           [VAI_COLOR_AXIS] = 0x85848a,
                                           [VAI_COLOR_GRID] = 0xe3e2e0,
                                           [VAI_COLOR_TRACK] = 0xe6e5e3,
                                       } };

const VaiPalette vai_palette_dark = { .rgb = {
                                          [VAI_COLOR_CARD] = 0x383838,
                                          [VAI_COLOR_TEXT] = 0xf6f5f4,
                                          [VAI_COLOR_DIM_TEXT] = 0xc0bfbc,
                                          [VAI_COLOR_WON_TEXT] = 0x99c1f1,
                                          [VAI_COLOR_WON] = 0x62a0ea,
                                          [VAI_COLOR_LOST_TEXT] = 0xffbe6f,
                                          [VAI_COLOR_LOST] = 0xff9a3c,
                                          [VAI_COLOR_NEUTRAL] = 0xb0afac,
                                          [VAI_COLOR_SECOND] = 0xdc8add,
                                          [VAI_COLOR_THIRD] = 0x8ff0a4,
                                          [VAI_COLOR_AXIS] = 0x8a898e,
                                          [VAI_COLOR_GRID] = 0x46464b,
                                          [VAI_COLOR_TRACK] = 0x4a4a4e,
                                      } };

const VaiPalette vai_palette_contrast = { .rgb = {
                                              [VAI_COLOR_CARD] = 0xffffff,
                                              [VAI_COLOR_TEXT] = 0x000000,
                                              [VAI_COLOR_DIM_TEXT] = 0x2e2e33,
                                              [VAI_COLOR_WON_TEXT] = 0x003f8f,
                                              [VAI_COLOR_WON] = 0x1a5fb4,
                                              [VAI_COLOR_LOST_TEXT] = 0x8a2f00,
                                              [VAI_COLOR_LOST] = 0xa83c00,
                                              [VAI_COLOR_NEUTRAL] = 0x4a494e,
                                              [VAI_COLOR_SECOND] = 0x5f1a7d,
                                              [VAI_COLOR_THIRD] = 0x0f5240,
                                              [VAI_COLOR_AXIS] = 0x5e5c64,
                                              [VAI_COLOR_GRID] = 0xb5b4b2,
                                              [VAI_COLOR_TRACK] = 0xc9c8c6,
                                          } };

void
vai_palette_get (const VaiPalette *self, VaiColor color, double *red, double *green, double *blue)
{
  g_return_if_fail (color < VAI_N_COLORS);
  guint32 rgb = self->rgb[color];
  *red = (rgb >> 16 & 0xff) / 255.0;
  *green = (rgb >> 8 & 0xff) / 255.0;
  *blue = (rgb & 0xff) / 255.0;
}
