import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Work for a virtual machine, in several threads; prints checksums, the same in every run. */
public class Torture {
    static long buffers(Random random) {
        ByteBuffer[] kept = new ByteBuffer[200];
        long sum = 0;
        for (int i = 0; i < 3000; i++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 + random.nextInt(60000));
            buffer.put(0, (byte) i);
            kept[random.nextInt(kept.length)] = buffer;
        }
        for (ByteBuffer buffer : kept)
            sum = sum * 31 + (buffer == null ? 0 : buffer.get(0) + buffer.capacity());
        return sum;
    }

    static long compressed(Random random) throws Exception {
        byte[] text = new byte[200000];
        for (int i = 0; i < text.length; i++)
            text[i] = (byte) (random.nextInt(20) + 'a');
        CRC32 sum = new CRC32();
        for (int level = 1; level <= 9; level += 4) {
            Deflater deflater = new Deflater(level);
            deflater.setInput(text);
            deflater.finish();
            byte[] packed = new byte[text.length * 2];
            int length = deflater.deflate(packed);
            deflater.end();
            Inflater inflater = new Inflater();
            inflater.setInput(packed, 0, length);
            byte[] back = new byte[text.length];
            inflater.inflate(back);
            inflater.end();
            if (!Arrays.equals(text, back))
                throw new IllegalStateException("inflate");
            sum.update(back);
        }
        return sum.getValue();
    }

    static int deep(int depth) {
        return depth == 0 ? Integer.parseInt("no number") : deep(depth - 1) + 1;
    }

    static long objects(Random random) {
        TreeMap<String, List<Integer>> map = new TreeMap<>();
        for (int i = 0; i < 60000; i++)
            map.computeIfAbsent("key" + random.nextInt(5000), key -> new ArrayList<>()).add(i);
        int caught = 0;
        for (int i = 0; i < 200; i++)
            try {
                deep(500);
            } catch (NumberFormatException e) {
                caught += e.getStackTrace().length > 0 ? 1 : 0;
            }
        return map.hashCode() * 31L + caught;
    }

    public static void main(String[] arguments) throws Exception {
        for (int round = 0; round < Integer.parseInt(arguments[0]); round++) {
            ExecutorService pool = Executors.newFixedThreadPool(6);
            List<Future<Long>> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                final Random random = new Random(round * 100 + i);
                answers.add(pool.submit((Callable<Long>) () -> buffers(random) ^ compressed(random) ^ objects(random)));
            }
            for (Future<Long> answer : answers)
                System.out.println(Long.toHexString(answer.get()));
            pool.shutdown();
            for (int i = 0; i < 300; i++) {
                Thread thread = new Thread(() -> ByteBuffer.allocateDirect(5000));
                thread.start();
                thread.join();
            }
            System.gc();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Process process = new ProcessBuilder("echo", "from a child").start();
            process.getInputStream().transferTo(out);
            System.out.println(process.waitFor() + " " + out.toString().trim());
        }
    }
}
