import { addressIn, createAddressGuard, isNetwork } from "./address-guard";

const strict = createAddressGuard([]);

test.each([
  ...["127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"],
  ...["0.0.0.0", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1"],
  ...["::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "2002:7f00:1::"],
  ...["::ffff:127.0.0.1", "::ffff:a00:1", "::ffff:0:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2001::1", "100::1"],
  ...["", "example.com"],
])("refuses %s", (address) => {
  expect(strict.isAllowed(address)).toBe(false);
});

test.each(["1.1.1.1", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])(
  "lets %s through",
  (address) => {
    expect(strict.isAllowed(address)).toBe(true);
  },
);

test("lets through what is allowed, also in IPv6's clothes, and no more", () => {
  const guard = createAddressGuard(["10.1.0.0/16", "127.0.0.1", "fd00::/8"]);
  const allowed = ["10.1.2.3", "::ffff:10.1.2.3", "127.0.0.1", "fd00::1"];
  expect(allowed.map((address) => guard.isAllowed(address))).toEqual([true, true, true, true]);
  expect(["10.2.0.1", "127.0.0.2", "::1"].map((address) => guard.isAllowed(address))).toEqual([false, false, false]);
});

test("gives a connection no address of a name that leads to a refused one", async () => {
  const look = (guard: typeof strict, options: { all: boolean }) =>
    new Promise((resolve) => {
      guard.lookup("localhost", options, (error, address) => resolve(error?.code ?? address));
    });
  expect(await look(strict, { all: true })).toBe("ADDRESS_REFUSED");
  expect(await look(strict, { all: false })).toBe("ADDRESS_REFUSED");
  const open = createAddressGuard(["127.0.0.0/8", "::1"]);
  expect(["127.0.0.1", "::1"]).toContain(await look(open, { all: false }));
  expect(await look(open, { all: true })).toEqual(
    expect.arrayContaining([expect.objectContaining({ address: expect.any(String) })]),
  );
});

test("sees the address in a URL however it is written", () => {
  const urls = [
    "http://127.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://017700000001/",
    "http://[::1]:80/",
  ];
  expect(urls.map(addressIn)).toEqual(["127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1", "::1"]);
  expect(addressIn("http://localhost/")).toBeUndefined();
});

test("tells a network from other texts", () => {
  expect(["10.0.0.0/8", "::1", "fd00::/8", "1.2.3.4", "0.0.0.0/0"].filter(isNetwork)).toHaveLength(5);
  expect(
    ["10.0.0.0/33", "x", "10/8", "::1/129", "10.0.0.0/8/8", "", "10.0.0.0/", "10.0.0.0/-1"].filter(isNetwork),
  ).toEqual([]);
});
