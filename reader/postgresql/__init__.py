"""PostgreSQL as Django's own backend has it, but for one thing: nobody waits for a server that does not answer."""
