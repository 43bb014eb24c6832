#!/bin/sh
# First process of the test kernel. Argument 1 is the job directory on the host: command.sh (what to run), writable (the
# directories to share for real, one a line) and, when all is over, status (the exit status). Everything else that is
# written goes to a layer in memory, which ends with the kernel.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
job=$1

if [ "$2" != inside ]; then
  # The host's root is mounted read-only. Lay a memory layer over it, mount the kernel's own file systems, go inside.
  mount -t tmpfs -o mode=755 none /mnt
  mkdir /mnt/layer /mnt/work /mnt/root
  mount -t overlay -o lowerdir=/,upperdir=/mnt/layer,workdir=/mnt/work none /mnt/root
  cd /mnt/root || exit 1
  mount -t proc none proc
  mount -t sysfs none sys
  mount -t devtmpfs none dev
  mkdir -p dev/pts dev/shm
  mount -t devpts none dev/pts
  mount -t tmpfs -o mode=1777 none dev/shm
  mount -t tmpfs -o mode=755 none run
  # Debian's own udev rules only cost time here.
  mount -t tmpfs -o mode=755 none usr/lib/udev/rules.d
  while read -r directory; do
    mkdir -p ".$directory"
    mount -t hostfs -o "$directory" none ".$directory"
  done < "$job/writable"
  exec chroot . /bin/sh "$job/init.sh" "$job" inside
fi

# Consoles 1 and 2 are the host's standard output and error.
stty -F /dev/tty1 raw -echo
stty -F /dev/tty2 raw -echo
exec < /dev/null > /dev/tty1 2> /dev/tty2

ip link set lo up
# libusb learns from udevd what is plugged in. The rule gives the access that a station's rule gives on a real bench.
mkdir -p /run/udev
echo 'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", MODE="0666"' > /usr/lib/udev/rules.d/50-station-test.rules
/lib/systemd/systemd-udevd --daemon --resolve-names=never 2> /dev/null

/bin/bash "$job/command.sh"
echo $? > "$job/status"
sync
echo o > /proc/sysrq-trigger
sleep 60
