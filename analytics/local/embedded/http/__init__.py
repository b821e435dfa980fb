"""The HTTP server: requests are read, their queries run, the answers written.

Entry: `server.start`; from there handler, respond, execute. May import all other groups.
"""
