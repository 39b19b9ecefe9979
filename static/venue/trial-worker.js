// Installed for a moment by the check page, to see whether this browser takes a service worker from here. Does nothing.
