#!/bin/bash -eu
# Run in OSS-Fuzz's image, with CFLAGS, SANITIZER and OUT set.
exec "$SRC/imap-conform/ci/fuzz-build" -O --debug-assertions
