"""The hall: HTTPS on its own Wi-Fi, the page that makes tablets trust it, the page that tells what a tablet lacks."""
