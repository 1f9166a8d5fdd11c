# What a shell reads of this program; to node these lines are a comment.
#
# As process 1 of a container the shell stays, because node does not reap the orphans of others that process 1 gets:
# every one of them would be a zombie for ever. It passes on the request to end, and the agents are stopped for it,
# since nothing outlives process 1.
if [ "$$" = 1 ] && [ "$1" = supervise ]; then
  shift
  asked='' child=''
  # Ctrl-C comes to the supervisor by the terminal itself.
  trap 'asked=yes; test -z "$child" || kill -s TERM "$child"' TERM
  trap : INT
  trap '' HUP
  node "$0" supervise --stop-agents "$@" &
  child=$!
  test -z "$asked" || kill -s TERM "$child"
  # A wait that a signal has cut short is begun again.
  while wait "$child"; code=$?; test "$code" -gt 128 && kill -0 "$child" 2> /dev/null; do :; done
  exit "$code"
fi
exec node "$0" "$@"
