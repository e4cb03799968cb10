import { Agent, request } from 'node:http';

/** So many connections ask one request after another. */
const connections = 12;

/**
 * Asks a server on this machine for some time. Gives the requests answered a second, and those answered in a second
 * of the server's processor time (`cpu` gives what it has used, in seconds), which tells more on a busy machine.
 * @param pathOf the path of the n-th request; every answer must be 200
 */
export async function load({ port, cpu, pathOf, headers = {}, milliseconds }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const used = await cpu();
  const start = performance.now();
  const end = start + milliseconds;
  let answered = 0;
  let number = 0;
  const ask = () =>
    new Promise((settle, fail) => {
      const sent = request({ host: '127.0.0.1', port, path: pathOf(number++), headers, agent }, (answer) => {
        answer.resume();
        answer.once('end', () =>
          answer.statusCode === 200 ? settle() : fail(new Error(`${sent.path} gave ${answer.statusCode}`)),
        );
      });
      sent.once('error', fail).end();
    });
  const worker = async () => {
    while (performance.now() < end) {
      await ask();
      answered += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, worker));
    const rate = (answered / (performance.now() - start)) * 1000;
    return { rate, perCpuSecond: answered / ((await cpu()) - used) };
  } finally {
    agent.destroy();
  }
}
