#!/usr/bin/env bash
# Try build/wheelhouse where there is nothing else: a Debian with Python alone, no network, no compiler.
#
#     make wheelhouse && sudo tools/try_wheelhouse.sh              [PROCESSOR ...]
#     sudo tools/try_wheelhouse.sh Haswell Nehalem                 and under qemu, as these processors
#
# It installs the wheels, asks the model in the box, and prints the seconds and the size of each part. Needs
# root, debootstrap and, for processors, qemu-user-static. ROOT keeps the Debian for the next time.
set -euo pipefail
cd "$(dirname "$0")/.."
root=${ROOT:-$(mktemp -d)/debian}
release=${RELEASE:-bookworm}
question='2 + 2 = ? A) 3 B) 4'

[ -d "$root/usr" ] || debootstrap --variant=minbase --include=python3-venv "$release" "$root" >&2
rm -rf "$root/opt/"*
cp -r build/wheelhouse "$root/opt/wheels"

# A command in the root, without a network, whose time is printed.
inside() {
    local begun
    begun=$(date +%s%3N)
    env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        unshare --net --mount --pid --fork --mount-proc="$root/proc" chroot "$root" "$@"
    echo "    $(($(date +%s%3N) - begun)) ms"
}

for tool in gcc cc make g++ clang cmake; do
    if chroot "$root" sh -c "command -v $tool" >/dev/null; then
        echo "try_wheelhouse: $tool is there" >&2
        exit 1
    fi
done

echo "install"
inside sh -c 'python3 -m venv /opt/foggen && /opt/foggen/bin/pip install --quiet --no-index --find-links /opt/wheels foggen'
site=$(echo "$root"/opt/foggen/lib/python3*/site-packages)
echo "    $(du -sm --exclude=pip --exclude='pip-*' --exclude=setuptools* --exclude=pkg_resources "$site" | cut -f1) MB"
echo "first answer"
inside /opt/foggen/bin/foggen-edge ask "$question"
inside /opt/foggen/bin/foggen-edge doctor
echo "second answer"
inside /opt/foggen/bin/foggen-edge ask "$question"

for processor in "$@"; do
    cp "$(command -v qemu-x86_64-static)" "$root/opt/qemu"
    echo "as $processor"
    for arguments in "ask|$question" "doctor"; do
        IFS='|' read -ra words <<<"$arguments"
        inside /opt/qemu -cpu "$processor" /opt/foggen/bin/python /opt/foggen/bin/foggen-edge "${words[@]}" \
            2> >(grep -v "^qemu: warning: TCG doesn't support" >&2)
    done
done
