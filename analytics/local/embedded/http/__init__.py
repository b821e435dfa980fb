"""The HTTP server: requests are read, their queries run, the answers written."""
