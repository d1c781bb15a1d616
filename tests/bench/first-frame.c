/* Starts a program and says how long it takes until its window shows something: first-frame COMMAND… prints
 * milliseconds from exec to a window of one colour no more, and of processor time that the program took for it. */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/Xdamage.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 15000
/* Smaller windows are the toolkit's own, never shown. */
#define SIZE_MIN 200

static double
now_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* Windows come and go while they are looked at. */
static int
ignore_error (Display *display, XErrorEvent *event)
{
  return 0;
}

/* Background alone is one colour; a frame is not. */
static int
is_painted (Display *display, Window window)
{
  XWindowAttributes attributes;
  int painted = 0;

  if (!XGetWindowAttributes (display, window, &attributes) || attributes.map_state != IsViewable
      || attributes.width < SIZE_MIN || attributes.height < SIZE_MIN)
    return 0;
  XImage *image = XGetImage (display, window, 0, 0, attributes.width, attributes.height, AllPlanes, ZPixmap);
  if (image == NULL)
    return 0;
  unsigned long first = XGetPixel (image, image->width / 2, image->height / 2);
  for (int y = 0; y < image->height && !painted; y += 4)
    for (int x = 0; x < image->width && !painted; x += 4)
      painted = XGetPixel (image, x, y) != first;
  XDestroyImage (image);
  return painted;
}

/* Next event, or 0 when the program showed nothing in time. */
static int
next_event (Display *display, XEvent *event, double until)
{
  struct pollfd fd = { ConnectionNumber (display), POLLIN, 0 };

  while (!XPending (display))
    if (now_ms () > until || poll (&fd, 1, 1000) < 0)
      return 0;
  XNextEvent (display, event);
  return 1;
}

static int
wait_for_frame (Display *display, double began)
{
  int damage_base, error_base;
  XEvent event;

  if (!XDamageQueryExtension (display, &damage_base, &error_base))
    return 0;
  while (next_event (display, &event, began + PATIENCE_MS))
    {
      if (event.type == MapNotify)
        XDamageCreate (display, event.xmap.window, XDamageReportRawRectangles);
      Window window = event.type == MapNotify                     ? event.xmap.window
                      : event.type == damage_base + XDamageNotify ? ((XDamageNotifyEvent *) &event)->drawable
                                                                  : None;
      if (window != None && is_painted (display, window))
        return 1;
    }
  return 0;
}

int
main (int argc, char **argv)
{
  Display *display = XOpenDisplay (NULL);
  struct rusage usage;
  struct timespec cpu = { 0, 0 };
  clockid_t clock;

  if (argc < 2 || display == NULL)
    return 2;
  XSetErrorHandler (ignore_error);
  XSelectInput (display, DefaultRootWindow (display), SubstructureNotifyMask);
  XSync (display, False);
  double began = now_ms ();
  pid_t child = fork ();
  if (child == 0)
    {
      execvp (argv[1], argv + 1);
      _exit (127);
    }
  int shown = wait_for_frame (display, began);
  double took = now_ms () - began;
  if (clock_getcpuclockid (child, &clock) == 0)
    clock_gettime (clock, &cpu);
  kill (child, SIGKILL);
  wait4 (child, NULL, 0, &usage);
  if (!shown)
    return 1;
  printf ("%.1f %.1f\n", took, cpu.tv_sec * 1e3 + cpu.tv_nsec / 1e6);
  return 0;
}
