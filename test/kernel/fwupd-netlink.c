/*
 * For fwupdtool 2.0 with libusb 1.0.26, as Debian 12 has them. Both open a netlink socket for news of udev; libusb's is
 * first and gets the process id as its address, and fwupd, which asks for that very address, is refused and sees no
 * device at all (https://github.com/fwupd/fwupd/issues/8083). Preloaded, this lets the kernel choose the address.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/netlink.h>
#include <sys/socket.h>

int bind(int descriptor, const struct sockaddr *address, socklen_t size)
{
	int (*next)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "bind");
	struct sockaddr_nl anywhere;

	if (address->sa_family != AF_NETLINK || size < sizeof anywhere)
		return next(descriptor, address, size);
	anywhere = *(const struct sockaddr_nl *)address;
	anywhere.nl_pid = 0;
	return next(descriptor, (const struct sockaddr *)&anywhere, sizeof anywhere);
}
