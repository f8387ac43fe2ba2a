#!/usr/bin/env bash
# into-slow-reader.sh <node> <slow-reader.mjs> <file> <command…>: runs the command with both outputs in a pipe that is read
# slowly, and prints its exit status. A real pipe: what Node gives its children is a socket, which fills in another way.
node=$1 reader=$2 file=$3
shift 3
"$@" 2>&1 | "$node" "$reader" "$file"
echo "ended ${PIPESTATUS[0]}"
