/**
 * The port that the app has to listen on: PORT where the host sets it, else the port written in APP_URL, else 3000.
 * An https APP_URL without a port is a proxy's address and says nothing about the port behind it.
 *
 * @param {{ PORT?: string | undefined, APP_URL?: string | undefined }} vars
 * @returns {string}
 */
export function listeningPort({ PORT, APP_URL }) {
  if (PORT) return PORT;
  if (!APP_URL || !URL.canParse(APP_URL)) return "3000";
  const { port, protocol } = new URL(APP_URL);
  return port || (protocol === "http:" ? "80" : "3000");
}

const OPTIONS = /^(?:--hostname|-H)(?:=(.*))?$/;

/**
 * The name or address that a development server listens on: that of the command line, else DEV_HOSTNAME, else this machine's own name.
 * `given`: the command line names it already.
 *
 * @param {readonly string[]} args
 * @param {{ DEV_HOSTNAME?: string | undefined }} vars
 * @returns {{ host: string, given: boolean }}
 */
export function developmentHost(args, { DEV_HOSTNAME }) {
  const index = args.findIndex((arg) => OPTIONS.test(arg));
  const inline = OPTIONS.exec(args[index] ?? "")?.[1];
  const host = index < 0 ? undefined : (inline ?? args[index + 1]);
  return { host: host || DEV_HOSTNAME || "localhost", given: Boolean(host) };
}
