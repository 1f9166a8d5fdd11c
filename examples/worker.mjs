// The example's worker: asks the server every second, and crashes after a while so that one can see it come back.
const url = process.env.URL ?? 'http://127.0.0.1:8321';
const crashAfter = Number(process.env.CRASH_AFTER ?? 20) * 1000;
console.log(`worker, life ${process.env.COLONY_GENERATION ?? '?'}: asking ${url}`);

setInterval(async () => {
  const answer = await fetch(url).then(
    (response) => response.text(),
    (error) => `no answer: ${error.message}`,
  );
  console.log(answer.trim());
}, 1000);

setTimeout(() => {
  console.error('something went badly wrong');
  process.exit(3);
}, crashAfter);
